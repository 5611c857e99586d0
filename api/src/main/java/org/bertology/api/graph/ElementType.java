package org.bertology.api.graph;

/**
 * What the elements of a {@link Value} are. An engine decides how wide FLOAT is (float32, or double
 * in the reference interpreter); INT is 64 bits wide everywhere.
 */
public enum ElementType {
  FLOAT,
  INT,
  BOOL
}
