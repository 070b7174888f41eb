package io.sluice.server.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigDocumentTest {
  @Test
  void everyKeyIsDocumented() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "server.md"));
    for (ConfigKeys.Key key : ConfigKeys.ALL) {
      assertTrue(document.contains("| `" + key.name() + "` |"), key.name());
    }
  }
}
