package org.bertology.api.rewrite;

import org.bertology.api.graph.Dim;
import org.bertology.api.graph.Value;

/** The entries {@code [start, start + length)} of one axis of a value. */
record Region(int axis, long start, Dim length) {
  Region on(int otherAxis) {
    return new Region(otherAxis, start, length);
  }

  Value of(Value value) {
    return value.slice(axis, start, length);
  }
}
