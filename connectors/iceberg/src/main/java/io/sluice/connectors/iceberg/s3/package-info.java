/** Files of tables on S3, each read and written with the credentials that its catalog vended. */
@NullMarked
package io.sluice.connectors.iceberg.s3;

import org.jspecify.annotations.NullMarked;
