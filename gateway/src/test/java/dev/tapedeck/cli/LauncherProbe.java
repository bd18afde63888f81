package dev.tapedeck.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the launcher starts in its test, in place of the program. */
public final class LauncherProbe {

  private LauncherProbe() {}

  public static void main(String[] args) throws InterruptedException {
    System.out.println("probe " + List.of(args) + " " + ProcessHandle.current().pid());
    if (List.of(args).contains("wait")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("signalled")));
      new CountDownLatch(1).await();
    }
  }
}
