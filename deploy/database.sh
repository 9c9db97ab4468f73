#!/bin/sh
# Makes the two roles and the database. Run once, by whoever administers the server:
#
#   export MUSTER_OWNER_PASSWORD=... MUSTER_PASSWORD=...
#   runuser --user postgres -- sh -s < deploy/database.sh
#
# muster_owner owns the tables and upgrades them. muster serves: it owns nothing, and row-level security holds for it.
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=postgres \
  --set=owner_password="${MUSTER_OWNER_PASSWORD:?}" --set=password="${MUSTER_PASSWORD:?}" <<'SQL'
CREATE ROLE muster_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE muster LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE muster OWNER muster_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE muster FROM PUBLIC;
GRANT CONNECT ON DATABASE muster TO muster;
SQL
