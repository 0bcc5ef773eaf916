/** What the agent serves over HTTP, but for the metrics themselves. */
@NullMarked
package io.github.portpool.export.web.pages;

import org.jspecify.annotations.NullMarked;
