package io.sluice.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.Principal;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class UpdateTest {
  /** The client ends its upload only once it has the answer. */
  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anUpdateIsAnsweredBeforeItsUploadEnds() throws Exception {
    try (TestServer server = new TestServer(Map.of());
        FlightSqlClient client = server.client()) {
      assertEquals(0, client.executeUpdate("CREATE SCHEMA shop"));
      assertTrue(server.catalog().schemas(Principal.ANONYMOUS).contains("shop"));
    }
  }
}
