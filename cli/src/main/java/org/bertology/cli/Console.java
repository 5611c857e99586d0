package org.bertology.cli;

import java.io.PrintWriter;

/**
 * Where commands print: results to {@code out}, everything about the run to {@code err}.
 *
 * @param terminal what is known of the terminal behind them
 */
record Console(PrintWriter out, PrintWriter err, Terminal terminal) {}
