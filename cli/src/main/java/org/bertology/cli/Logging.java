package org.bertology.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Sends the log to standard error: warnings, with {@code --verbose} everything of this project,
 * with {@code --quiet} errors alone. Set up in code, because reading a configuration file delays
 * every start.
 */
final class Logging {
  private Logging() {}

  static void toStandardError(PrintWriter err, Verbosity verbosity) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    boolean configured = System.getProperty("logback.configurationFile") != null;
    if (factory instanceof LoggerContext context && !configured) {
      context.reset();
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.addAppender(appender(context, err, verbosity == Verbosity.VERBOSE));
      root.setLevel(verbosity == Verbosity.QUIET ? Level.ERROR : Level.WARN);
      if (verbosity == Verbosity.VERBOSE) {
        context.getLogger("org.bertology").setLevel(Level.DEBUG);
      }
    }
  }

  private static OutputStreamAppender<ILoggingEvent> appender(
      LoggerContext context, PrintWriter err, boolean verbose) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setPattern(
        verbose
            ? "%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n"
            : "bertology: warning: %msg%n%nopex");
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(new WriterStream(err));
    appender.start();
    return appender;
  }

  /** Bytes of whole log lines in UTF-8, passed on to a writer. */
  private static final class WriterStream extends OutputStream {
    private final PrintWriter writer;

    WriterStream(PrintWriter writer) {
      this.writer = writer;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      writer.write(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
      writer.flush();
    }
  }
}
