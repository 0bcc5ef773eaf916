package io.github.portpool.source.bpf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** A class of tests that needs a kernel whose tables may be read: skipped elsewhere. */
@EnabledIf(
    value = "io.github.portpool.source.bpf.ReadableTables#areThere",
    disabledReason = "BPF is not allowed here, or this kernel cannot: run as root, Linux 5.17")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface NeedsBpf {}
