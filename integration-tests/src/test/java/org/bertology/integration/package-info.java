/** Real models and every engine together. */
@NullMarked
package org.bertology.integration;

import org.jspecify.annotations.NullMarked;
