/** Messages in the wire format of protocol buffers. */
@NullMarked
package org.bertology.core.protobuf;

import org.jspecify.annotations.NullMarked;
