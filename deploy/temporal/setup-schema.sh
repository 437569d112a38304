#!/bin/sh
# Makes both databases of Temporal, or brings their schema up to the version of this image. Does nothing when it is.
set -eu

schema=/etc/temporal/schema/postgresql/v12
for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  tool="temporal-sql-tool --plugin postgres12 --ep postgresql -p 5432 -u temporal --db $database"
  $tool create
  $tool setup-schema -v 0.0
  $tool update-schema -d "$schema/${pair##*:}/versioned"
done
