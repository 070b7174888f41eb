package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.Principal;
import io.sluice.server.session.Passwords;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CloseSessionRequest;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.GetSessionOptionsRequest;
import org.apache.arrow.flight.SessionOptionValue;
import org.apache.arrow.flight.SessionOptionValueFactory;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.SetSessionOptionsResult;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static String option(FlightSqlClient client, String name, CallOption... options) {
    SessionOptionValue value =
        client
            .getSessionOptions(new GetSessionOptionsRequest(), options)
            .getSessionOptions()
            .get(name);
    return Objects.requireNonNull(value)
        .acceptVisitor(
            new org.apache.arrow.flight.NoOpSessionOptionValueVisitor<String>() {
              @Override
              public String visit(String text) {
                return text;
              }
            });
  }

  private static SetSessionOptionsResult set(
      FlightSqlClient client, String name, String value, CallOption... options) {
    return client.setSessionOptions(
        new SetSessionOptionsRequest(
            Map.of(name, SessionOptionValueFactory.makeSessionOptionValue(value))),
        options);
  }

  @Test
  void settingsStayWithTheConnection() throws Exception {
    try (TestServer server = new TestServer(Map.of());
        FlightSqlClient one = server.client();
        FlightSqlClient other = server.client()) {
      server.catalog().createSchema(Principal.ANONYMOUS, "shop", Map.of());
      assertEquals("main", option(one, "schema"));
      assertEquals(Map.of(), set(one, "schema", "shop").getErrors());
      assertEquals(Map.of(), set(one, "timezone", "Europe/Berlin").getErrors());
      assertEquals("shop", option(one, "schema"));
      assertEquals("Europe/Berlin", option(one, "timezone"));
      assertEquals("main", option(other, "schema"));
      assertEquals(
          new SetSessionOptionsResult.Error(SetSessionOptionsResult.ErrorValue.INVALID_VALUE),
          set(one, "schema", "nowhere").getErrors().get("schema"));
      assertEquals(
          new SetSessionOptionsResult.Error(SetSessionOptionsResult.ErrorValue.INVALID_NAME),
          set(one, "colour", "red").getErrors().get("colour"));
      assertEquals("shop", option(one, "schema"));
      one.closeSession(new CloseSessionRequest());
      one.closeSession(new CloseSessionRequest());
      assertEquals("main", option(one, "schema"));
    }
  }

  @Test
  void aTokenNamesTheSession() throws Exception {
    try (TestServer server = new TestServer(Map.of());
        FlightClient flight = server.flight();
        FlightSqlClient other = server.client()) {
      CredentialCallOption token =
          flight.authenticateBasicToken("anyone", "anything").orElseThrow();
      server.catalog().createSchema(Principal.ANONYMOUS, "shop", Map.of());
      FlightSqlClient client = new FlightSqlClient(flight);
      set(client, "schema", "shop", token);
      assertEquals("shop", option(other, "schema", token));
      assertEquals("main", option(other, "schema"));
    }
  }

  @Test
  void usersNeedTheirPasswords() throws Exception {
    String record = Passwords.record("secret".toCharArray());
    try (TestServer server = new TestServer(Map.of("auth.users.ada", record));
        FlightClient flight = server.flight()) {
      FlightSqlClient client = new FlightSqlClient(flight);
      assertUnauthenticated(() -> client.getCatalogs());
      assertUnauthenticated(() -> flight.authenticateBasicToken("ada", "wrong"));
      assertUnauthenticated(() -> flight.authenticateBasicToken("eve", "secret"));
      CredentialCallOption token = flight.authenticateBasicToken("ada", "secret").orElseThrow();
      client.getCatalogs(token);
      assertUnauthenticated(
          () ->
              client.getCatalogs(
                  new CredentialCallOption(
                      headers -> headers.insert("authorization", "Bearer forged.1.x.y"))));
    }
  }

  private static void assertUnauthenticated(org.junit.jupiter.api.function.Executable call) {
    FlightRuntimeException e = assertThrows(FlightRuntimeException.class, call);
    assertEquals(FlightStatusCode.UNAUTHENTICATED, e.status().code(), e.getMessage());
  }

  @Test
  void actionsAreListed() throws Exception {
    try (TestServer server = new TestServer(Map.of());
        FlightClient flight = server.flight()) {
      Set<String> names = new HashSet<>();
      flight.listActions().forEach(action -> names.add(action.getType()));
      assertTrue(
          names.containsAll(
              Set.of(
                  "CreatePreparedStatement",
                  "ClosePreparedStatement",
                  "CancelFlightInfo",
                  "SetSessionOptions",
                  "GetSessionOptions",
                  "CloseSession")),
          names.toString());
    }
  }
}
