/** Values as JSON, the same for the command line and for the HTTP API. */
@NullMarked
package io.github.portpool.export.json;

import org.jspecify.annotations.NullMarked;
