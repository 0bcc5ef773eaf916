package io.github.portpool.advice;

import java.util.List;

/** One thing that may be wrong. */
@FunctionalInterface
interface Rule {
  /** What of it is wrong; nothing where it is as it should be. */
  List<Finding> judge(HostFacts facts);
}
