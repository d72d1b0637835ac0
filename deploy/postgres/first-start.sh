#!/bin/sh
# Run by the postgres image when its data folder is empty.
set -eu
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="'$SOP_DATABASE_PASSWORD'" --file /sop/roles.sql
