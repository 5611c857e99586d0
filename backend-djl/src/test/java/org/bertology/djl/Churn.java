package org.bertology.djl;

import java.nio.ByteBuffer;

/** Direct memory that is freed and written to again, so that whoever still reads it sees it. */
final class Churn {
  private static final int ROUNDS = 20;
  private static final int BUFFERS = 50;
  private static final int BYTES = 16 * 1024;

  private Churn() {}

  static void ofDirectMemory() {
    for (int round = 0; round < ROUNDS; round++) {
      System.gc();
      for (int i = 0; i < BUFFERS; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
        while (buffer.hasRemaining()) {
          buffer.put((byte) 0x7F);
        }
      }
    }
  }
}
