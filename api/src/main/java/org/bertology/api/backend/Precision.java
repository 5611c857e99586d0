package org.bertology.api.backend;

/** How wide FLOAT values are inside an engine. */
public enum Precision {
  FLOAT32,
  FLOAT64
}
