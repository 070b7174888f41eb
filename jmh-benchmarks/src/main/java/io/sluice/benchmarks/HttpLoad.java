package io.sluice.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends HTTP requests over connections that stay open, from one thread, and prints how long they
 * took as a line of JSON, in microseconds.
 *
 * <p>With a rate, requests are due at even intervals whatever the server does, and a request's time
 * counts from the instant at which it was due: a server that stalls cannot hide it (open loop).
 * Without, each connection sends its next request when it has the answer to the last (closed loop).
 * Every time is kept, so percentiles are exact. Little is made anew for a request and all buffers
 * lie outside the heap, so that this program's own garbage collection, which stops it as a slow
 * server would, does not count as the server's. One file without dependencies: {@code java
 * HttpLoad.java} runs it.
 */
public final class HttpLoad {
  private static final int USUAL_RESPONSE_BYTES = 1 << 14;
  private static final String OK = "http/1.1 200";
  private static final String CONTENT_LENGTH = "content-length:";
  private static final long PAUSE_NANOS = 50_000;

  private final InetSocketAddress address;
  private final List<ByteBuffer> requests;
  private final int connections;
  private final long intervalNanos;
  private final long warmUpNanos;
  private final long measuredNanos;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private long[] times = new long[1 << 20];
  private int count;
  private long sent;
  private long bytes;

  private HttpLoad(Map<String, String> options) throws IOException {
    this.address = new InetSocketAddress("127.0.0.1", Integer.parseInt(options.get("port")));
    this.connections = Integer.parseInt(options.getOrDefault("connections", "16"));
    double rate = Double.parseDouble(options.getOrDefault("rate", "0"));
    this.intervalNanos = rate > 0 ? (long) (1e9 / rate) : 0;
    this.warmUpNanos = (long) (1e9 * Double.parseDouble(options.getOrDefault("warm-up", "5")));
    this.measuredNanos = (long) (1e9 * Double.parseDouble(options.getOrDefault("seconds", "20")));
    this.requests = requests(options);
  }

  /** One for each line of the bodies' file, or a GET where there is none. */
  private static List<ByteBuffer> requests(Map<String, String> options) throws IOException {
    String path = options.getOrDefault("path", "/");
    String bodies = options.get("bodies");
    List<ByteBuffer> requests = new ArrayList<>();
    if (bodies == null) {
      requests.add(encoded("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
      return requests;
    }
    for (String body : Files.readAllLines(Path.of(bodies))) {
      requests.add(
          encoded(
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                  + "Content-Length: "
                  + body.getBytes(StandardCharsets.UTF_8).length
                  + "\r\n\r\n"
                  + body));
    }
    return requests;
  }

  private static ByteBuffer encoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** Options are {@code --name value}: port, path, bodies, connections, rate, warm-up, seconds. */
  public static void main(String[] arguments) throws IOException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      options.put(arguments[i].substring("--".length()), arguments[i + 1]);
    }
    System.out.println(new HttpLoad(options).run());
  }

  private String run() throws IOException {
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        idle.add(new Connection(SocketChannel.open(address), selector));
      }
      long started = System.nanoTime();
      long measuredFrom = started + warmUpNanos;
      long end = measuredFrom + measuredNanos;
      long now = started;
      while (now < end) {
        send(started, now);
        if (selector.selectNow() == 0) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
          Connection connection = (Connection) key.attachment();
          if (connection.receive()) {
            long finished = System.nanoTime();
            if (connection.since >= measuredFrom) {
              record(finished - connection.since);
            }
            idle.add(connection);
          }
        }
        selector.selectedKeys().clear();
      }
    }
    return report();
  }

  private void send(long started, long now) throws IOException {
    while (!idle.isEmpty()) {
      long due = intervalNanos == 0 ? now : started + sent * intervalNanos;
      if (due > now) {
        return;
      }
      ByteBuffer request = requests.get((int) (sent % requests.size()));
      idle.poll().send(request.duplicate(), due);
      sent++;
    }
  }

  private void record(long nanos) {
    if (count == times.length) {
      times = Arrays.copyOf(times, 2 * count);
    }
    times[count++] = nanos;
  }

  private String report() {
    Arrays.sort(times, 0, count);
    return String.format(
        Locale.ROOT,
        "{\"requests\": %d, \"per_second\": %.1f, \"p50_us\": %.1f, \"p90_us\": %.1f,"
            + " \"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f, \"response_bytes\": %d}",
        count,
        count * 1e9 / measuredNanos,
        percentile(0.5),
        percentile(0.9),
        percentile(0.99),
        percentile(0.999),
        percentile(1),
        bytes / Math.max(1, sent));
  }

  private double percentile(double part) {
    return count == 0 ? 0 : times[Math.max(0, (int) Math.ceil(part * count) - 1)] / 1e3;
  }

  private final class Connection {
    private final SocketChannel channel;
    private ByteBuffer received = ByteBuffer.allocateDirect(USUAL_RESPONSE_BYTES);
    private long since;
    private int expected = -1;

    Connection(SocketChannel channel, Selector selector) throws IOException {
      this.channel = channel;
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send(ByteBuffer request, long due) throws IOException {
      since = due;
      expected = -1;
      received.clear();
      while (request.hasRemaining()) {
        if (channel.write(request) == 0) {
          Thread.onSpinWait();
        }
      }
    }

    /** Whether the whole answer is there. */
    boolean receive() throws IOException {
      if (channel.read(received) < 0) {
        throw new IOException("the server closed a connection");
      }
      if (expected < 0) {
        expected = wholeLength();
      }
      if (!received.hasRemaining()) {
        ByteBuffer wider = ByteBuffer.allocateDirect(2 * received.capacity());
        received = wider.put(received.flip());
      }
      if (expected < 0 || received.position() < expected) {
        return false;
      }
      bytes += expected;
      return true;
    }

    /** Bytes of head and body, or -1 while the head is not complete. */
    private int wholeLength() throws IOException {
      int lengthAt = -1;
      int line = 0;
      for (int i = 0; i + 1 < received.position(); i++) {
        if (received.get(i) != '\r' || received.get(i + 1) != '\n') {
          continue;
        }
        if (i == line) {
          check(lengthAt);
          return i + 2 + number(lengthAt);
        }
        if (line > 0 && startsWith(line, CONTENT_LENGTH)) {
          lengthAt = line + CONTENT_LENGTH.length();
        }
        line = i + 2;
      }
      return -1;
    }

    private void check(int lengthAt) throws IOException {
      if (!startsWith(0, OK)) {
        throw new IOException("the server answered\n" + text());
      }
      if (lengthAt < 0) {
        throw new IOException("the answer has no Content-Length\n" + text());
      }
    }

    /** Without regard to case. */
    private boolean startsWith(int at, String lower) {
      boolean same = at + lower.length() <= received.position();
      for (int i = 0; same && i < lower.length(); i++) {
        same = Character.toLowerCase(received.get(at + i)) == lower.charAt(i);
      }
      return same;
    }

    private int number(int at) {
      int value = 0;
      for (int i = at; received.get(i) != '\r'; i++) {
        if (received.get(i) != ' ') {
          value = 10 * value + received.get(i) - '0';
        }
      }
      return value;
    }

    private String text() {
      return StandardCharsets.UTF_8.decode(received.duplicate().flip()).toString();
    }
  }
}
