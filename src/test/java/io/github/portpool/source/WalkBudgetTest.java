package io.github.portpool.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class WalkBudgetTest {
  private long clock = Long.MAX_VALUE - 10;
  private long cpu;
  private int walks;
  private final WalkBudget budget = new WalkBudget(0.01, () -> clock, () -> cpu);

  @Test
  void restsAsLongAsTheWalkWasExpensive() {
    walkFor(7);
    assertEquals(1, walks);
    clock += 699;
    walkFor(0);
    assertEquals(1, walks);
    clock += 1;
    walkFor(0);
    walkFor(0);
    assertEquals(3, walks);
  }

  @Test
  void aWalkThatFailsCostsToo() {
    assertThrows(
        IllegalStateException.class,
        () ->
            budget.run(() -> {
              cpu += 5;
              throw new IllegalStateException();
            }));
    clock += 499;
    walkFor(0);
    assertEquals(0, walks);
    clock += 1;
    walkFor(0);
    assertEquals(1, walks);
  }

  @Test
  void anEndlessRestDoesNotOverflow() {
    walkFor(Long.MAX_VALUE / 2);
    clock += 1L << 50;
    walkFor(0);
    assertEquals(1, walks);
  }

  private void walkFor(long nanos) {
    budget.run(() -> {
      walks++;
      cpu += nanos;
    });
  }
}
