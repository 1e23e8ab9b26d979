import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Runs named checks one after the other and writes their results as JSON for the runner. */
final class Checks {
  /** A check: passes if it returns, fails if it throws. */
  interface Check {
    void run() throws Exception;
  }

  private final List<String> results = new ArrayList<>();
  private boolean allPassed = true;

  static String base() {
    return System.getenv("INTEROP_BASE");
  }

  static String token() {
    return System.getenv("INTEROP_TOKEN");
  }

  /** A name that no other check or run uses. */
  static String unique(String prefix) {
    return prefix + "-" + Long.toString(System.nanoTime(), 36);
  }

  void check(String id, Check check) {
    long started = System.currentTimeMillis();
    String detail = null;
    try {
      check.run();
    } catch (Throwable failure) {
      allPassed = false;
      detail = describe(failure);
    }
    results.add("{\"id\":" + quote(id) + ",\"ok\":" + (detail == null) + ",\"started\":" + started + ",\"ended\":"
        + System.currentTimeMillis() + (detail == null ? "" : ",\"detail\":" + quote(detail)) + "}");
  }

  /** Writes the report and ends the process: 0 if every check passed, else 1. */
  void finish(Class<?> ofClient, String expectedVersion) throws IOException {
    String file = Path.of(ofClient.getProtectionDomain().getCodeSource().getLocation().getPath()).getFileName().toString();
    if (!file.endsWith("-" + expectedVersion + ".jar")) {
      throw new IllegalStateException("the client is " + file + ", expected version " + expectedVersion);
    }
    String report = "{\"client\":" + quote(file) + ",\"checks\":[" + String.join(",", results) + "]}";
    Files.writeString(Path.of(System.getenv("INTEROP_REPORT")), report, StandardCharsets.UTF_8);
    System.exit(allPassed ? 0 : 1);
  }

  static void equal(Object actual, Object expected, String what) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(what + ": expected " + expected + ", got " + actual);
    }
  }

  static void holds(boolean condition, String what) {
    if (!condition) throw new AssertionError(what);
  }

  /** Runs what must be refused, and gives the exception of the expected class. */
  static <T extends Throwable> T refused(Class<T> expected, Check check, String what) throws Exception {
    try {
      check.run();
    } catch (Throwable failure) {
      if (expected.isInstance(failure)) return expected.cast(failure);
      throw new AssertionError(what + ": expected " + expected.getSimpleName() + ", got " + describe(failure), failure);
    }
    throw new AssertionError(what + ": was accepted, expected " + expected.getSimpleName());
  }

  private static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable at = failure; at != null && text.length() < 2000; at = at.getCause()) {
      if (text.length() > 0) text.append(" | caused by ");
      text.append(at.getClass().getSimpleName()).append(": ").append(at.getMessage());
    }
    return text.toString();
  }

  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }
}
