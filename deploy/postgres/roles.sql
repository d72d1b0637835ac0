-- For a PostgreSQL of your own. Run once as superuser: psql -v password="'…'" -f roles.sql
-- `IMAGE migrate` then creates the schemas, and one role without login for each context. The product logs in as `sop` and takes
-- a context's role on (`-c role=sop_cases`), so that PostgreSQL itself refuses a read across contexts.
CREATE ROLE sop LOGIN CREATEROLE PASSWORD :password;
CREATE DATABASE sop OWNER sop ENCODING 'UTF8' TEMPLATE template0;
\connect sop
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO sop;
GRANT USAGE ON SCHEMA public TO PUBLIC;
-- The extensions need no superuser on PostgreSQL 13 and newer: they are marked as trusted.
ALTER ROLE sop IN DATABASE sop SET timezone = 'UTC';
-- What is searched for travels as a statement's parameter: it stays out of the server's log.
ALTER ROLE sop SET log_parameter_max_length = 0;
ALTER ROLE sop SET log_parameter_max_length_on_error = 0;
