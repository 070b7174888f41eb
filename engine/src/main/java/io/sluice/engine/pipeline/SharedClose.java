package io.sluice.engine.pipeline;

import java.util.concurrent.atomic.AtomicInteger;

/** Closes something when the last of several users has ended, or at once. */
final class SharedClose implements AutoCloseable {
  private final AutoCloseable resource;
  private final AtomicInteger users;

  SharedClose(AutoCloseable resource, int users) {
    this.resource = resource;
    this.users = new AtomicInteger(users);
  }

  /** One user has ended; the last one closes. */
  void release() throws Exception {
    if (users.decrementAndGet() == 0) {
      resource.close();
    }
  }

  @Override
  public void close() throws Exception {
    if (users.getAndSet(0) > 0) {
      resource.close();
    }
  }
}
