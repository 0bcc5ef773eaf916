package io.github.portpool;

/** The entry point. */
public final class Portpool {
  private Portpool() {}

  /** Runs. */
  public static void main(String[] args) {
    System.out.println("hi");
  }
}
