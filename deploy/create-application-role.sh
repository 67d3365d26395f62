#!/bin/sh
# Runs once, when the database's volume is empty. The application must connect as a role that row-level
# security binds: no superuser and without BYPASSRLS. It owns its database, and nothing else.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set password="$CXM_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE cxm LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE cxm OWNER cxm;
REVOKE CONNECT ON DATABASE cxm FROM PUBLIC;
SQL
