package org.bertology.cli;

/** The class whose {@code main} this program is, for further processes of the same program. */
record MainClass(Class<?> type) {}
