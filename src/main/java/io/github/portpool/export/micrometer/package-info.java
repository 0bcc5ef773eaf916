/** The port pool as Micrometer's meters, for JVM applications that watch their own. */
@NullMarked
package io.github.portpool.export.micrometer;

import org.jspecify.annotations.NullMarked;
