package org.bertology.core.data;

/** What becomes of the labels of a data file. */
enum LabelUse {
  /** Read where the file has them. */
  WHERE_THERE,
  /** A file without them is refused. */
  REQUIRED,
  /** Not read, so that they may be of any kind. */
  IGNORED
}
