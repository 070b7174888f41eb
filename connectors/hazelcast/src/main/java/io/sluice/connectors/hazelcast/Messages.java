package io.sluice.connectors.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What members send each other. */
final class Messages {
  static final int FACTORY = 7101;

  private static final int QUESTION = 1;
  private static final int ANSWER = 2;
  private static final int COMMIT = 3;

  private Messages() {}

  static final class Factory implements DataSerializableFactory {
    @Override
    public IdentifiedDataSerializable create(int type) {
      return switch (type) {
        case QUESTION -> new Question();
        case ANSWER -> new Answer();
        case COMMIT -> new Commit();
        default -> throw new IllegalArgumentException("message " + type);
      };
    }
  }

  /** Asks for the rows of keys. */
  static final class Question
      implements Callable<Answer>, HazelcastInstanceAware, IdentifiedDataSerializable {
    String schema = "";
    String table = "";
    long fingerprint;
    long leastSequence;
    long nowMicros;
    byte[] keys = {};
    int[] ends = {};
    private transient @Nullable HazelcastInstance member;

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
      this.member = instance;
    }

    @Override
    public Answer call() {
      return HazelcastStore.of(member).answer(this);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      out.writeString(schema);
      out.writeString(table);
      out.writeLong(fingerprint);
      out.writeLong(leastSequence);
      out.writeLong(nowMicros);
      out.writeByteArray(keys);
      out.writeIntArray(ends);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
      schema = String.valueOf(in.readString());
      table = String.valueOf(in.readString());
      fingerprint = in.readLong();
      leastSequence = in.readLong();
      nowMicros = in.readLong();
      keys = java.util.Objects.requireNonNull(in.readByteArray());
      ends = java.util.Objects.requireNonNull(in.readIntArray());
    }

    @Override
    public int getFactoryId() {
      return FACTORY;
    }

    @Override
    public int getClassId() {
      return QUESTION;
    }
  }

  /** The rows, or why there are none. */
  static final class Answer implements IdentifiedDataSerializable {
    /** Why there are no rows; empty where there are. */
    String refusal = "";

    long sequence;
    byte[] values = {};
    int[] ends = {};

    static Answer refused(String reason) {
      Answer answer = new Answer();
      answer.refusal = reason;
      return answer;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      out.writeString(refusal);
      out.writeLong(sequence);
      out.writeByteArray(values);
      out.writeIntArray(ends);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
      refusal = String.valueOf(in.readString());
      sequence = in.readLong();
      values = java.util.Objects.requireNonNull(in.readByteArray());
      ends = java.util.Objects.requireNonNull(in.readIntArray());
    }

    @Override
    public int getFactoryId() {
      return FACTORY;
    }

    @Override
    public int getClassId() {
      return ANSWER;
    }
  }

  /** Says that a table of the lake was changed. */
  static final class Commit
      implements Callable<Boolean>, HazelcastInstanceAware, IdentifiedDataSerializable {
    String schema = "";
    String table = "";
    private transient @Nullable HazelcastInstance member;

    @Override
    public void setHazelcastInstance(HazelcastInstance instance) {
      this.member = instance;
    }

    @Override
    public Boolean call() {
      HazelcastStore.of(member).told(schema, table);
      return true;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      out.writeString(schema);
      out.writeString(table);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
      schema = String.valueOf(in.readString());
      table = String.valueOf(in.readString());
    }

    @Override
    public int getFactoryId() {
      return FACTORY;
    }

    @Override
    public int getClassId() {
      return COMMIT;
    }
  }
}
