"""The tables, as numbered steps: each one brings an older database a version further.

No table declares a foreign key: a client of the owner reads the catalogue by name, and stops at a table that refers to
one further on (DuckDB 1.5). Rows are never deleted, so it is enough that each insert looks for what its rows refer to,
and that `checking` looks at what is there.

A step that was once released is never edited; a change of the tables is a new one at the end of the list.
"""

#: What each version adds, from version 1 on; the version of a database is how many of them it has seen.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE change (
            made_at TIMESTAMP_NS NOT NULL,
            subject VARCHAR NOT NULL)""",
        """CREATE TABLE event (
            event_id VARCHAR PRIMARY KEY,
            origin_time TIMESTAMP_NS,
            latitude DOUBLE CHECK (latitude BETWEEN -90 AND 90),
            longitude DOUBLE CHECK (longitude BETWEEN -360 AND 360),
            depth_km DOUBLE,
            magnitude DOUBLE,
            magnitude_type VARCHAR,
            event_type VARCHAR,
            source VARCHAR NOT NULL)""",
        """CREATE TABLE label (
            event_id VARCHAR NOT NULL,
            event_class VARCHAR NOT NULL CHECK (event_class <> ''),
            author VARCHAR NOT NULL,
            made_at TIMESTAMP_NS NOT NULL,
            comment VARCHAR NOT NULL,
            PRIMARY KEY (event_id, made_at, author))""",
        """CREATE TABLE record (
            record_id VARCHAR PRIMARY KEY,
            event_id VARCHAR,
            network VARCHAR NOT NULL,
            station VARCHAR NOT NULL,
            location VARCHAR NOT NULL,
            channel VARCHAR NOT NULL,
            start_time TIMESTAMP_NS NOT NULL,
            sampling_rate_hz DOUBLE NOT NULL CHECK (sampling_rate_hz > 0),
            sample_count BIGINT NOT NULL CHECK (sample_count >= 0),
            file_hash VARCHAR NOT NULL,
            file_name VARCHAR NOT NULL,
            trace_index INTEGER NOT NULL CHECK (trace_index >= 0))""",
        """CREATE TABLE parameter (
            record_id VARCHAR NOT NULL,
            name VARCHAR NOT NULL,
            value DOUBLE NOT NULL,
            source VARCHAR NOT NULL CHECK (source IN ('found', 'analyst')),
            author VARCHAR NOT NULL,
            made_at TIMESTAMP_NS NOT NULL,
            PRIMARY KEY (record_id, name, source, made_at))""",
        """CREATE TABLE recipe (
            recipe_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            "values" JSON NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
        """CREATE TABLE default_recipe (
            recipe_id VARCHAR NOT NULL,
            chosen_at TIMESTAMP_NS NOT NULL)""",
        """CREATE TABLE fingerprint (
            fingerprint_id VARCHAR PRIMARY KEY,
            record_id VARCHAR NOT NULL,
            recipe_id VARCHAR NOT NULL,
            variant TINYINT NOT NULL CHECK (variant BETWEEN -2 AND 2),
            cutoff_hz DOUBLE NOT NULL,
            size INTEGER NOT NULL CHECK (size > 0),
            bits BLOB NOT NULL CHECK (octet_length(bits) = (size * size + 7) // 8))""",
        """CREATE TABLE dataset (
            dataset_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            recipe_id VARCHAR NOT NULL,
            classes JSON NOT NULL,
            settings JSON NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
        """CREATE TABLE dataset_member (
            dataset_id VARCHAR NOT NULL,
            position INTEGER NOT NULL,
            record_id VARCHAR NOT NULL,
            event_id VARCHAR NOT NULL,
            event_class VARCHAR NOT NULL,
            split VARCHAR NOT NULL,
            fingerprint_id VARCHAR NOT NULL,
            variant TINYINT NOT NULL,
            PRIMARY KEY (dataset_id, position))""",
        """CREATE TABLE network_type (
            name VARCHAR PRIMARY KEY,
            title VARCHAR NOT NULL,
            description VARCHAR NOT NULL)""",
        """CREATE TABLE architecture (
            network_type VARCHAR NOT NULL,
            name VARCHAR NOT NULL,
            title VARCHAR NOT NULL,
            layers JSON NOT NULL,
            PRIMARY KEY (network_type, name))""",
        """CREATE TABLE layer_parameter (
            network_type VARCHAR NOT NULL,
            architecture VARCHAR NOT NULL,
            name VARCHAR NOT NULL,
            layer VARCHAR NOT NULL,
            position INTEGER NOT NULL,
            parameter VARCHAR NOT NULL,
            "default" JSON NOT NULL,
            kind VARCHAR NOT NULL CHECK (kind IN ('integer', 'real', 'enumerated')),
            minimum DOUBLE,
            maximum DOUBLE,
            choices JSON NOT NULL,
            meaning VARCHAR NOT NULL,
            "constraint" VARCHAR,
            PRIMARY KEY (network_type, architecture, name))""",
        """CREATE TABLE network (
            network_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            network_type VARCHAR NOT NULL,
            architecture VARCHAR NOT NULL,
            "values" JSON NOT NULL,
            weights VARCHAR,
            trial_id VARCHAR,
            created_at TIMESTAMP_NS NOT NULL)""",
        """CREATE TABLE experiment (
            experiment_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            network_id VARCHAR NOT NULL,
            dataset_id VARCHAR NOT NULL,
            plan JSON NOT NULL,
            state VARCHAR NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
        """CREATE TABLE planned_trial (
            experiment_id VARCHAR NOT NULL,
            trial_id VARCHAR NOT NULL,
            cell INTEGER NOT NULL,
            seed BIGINT NOT NULL,
            "values" JSON NOT NULL,
            PRIMARY KEY (experiment_id, trial_id))""",
        """CREATE TABLE trial (
            trial_id VARCHAR NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            state VARCHAR NOT NULL CHECK (state IN ('finished', 'failed')),
            quality DOUBLE,
            loss DOUBLE,
            scores JSON NOT NULL,
            confusion JSON NOT NULL,
            curve JSON NOT NULL,
            predictions JSON NOT NULL,
            parameter_count BIGINT,
            seconds DOUBLE NOT NULL,
            seed BIGINT NOT NULL,
            "values" JSON NOT NULL,
            versions JSON NOT NULL,
            error VARCHAR,
            finished_at TIMESTAMP_NS NOT NULL,
            PRIMARY KEY (trial_id, attempt))""",
        """CREATE TABLE annotation (
            subject_id VARCHAR NOT NULL,
            text VARCHAR NOT NULL,
            author VARCHAR NOT NULL,
            made_at TIMESTAMP_NS NOT NULL,
            PRIMARY KEY (subject_id, made_at, author))""",
    ),
    (
        # the same parameters over and over: a number says which, and a record's values lie together in its order
        """CREATE TABLE parameter_name (
            code INTEGER PRIMARY KEY CHECK (code > 0),
            name VARCHAR NOT NULL UNIQUE)""",
        """CREATE TABLE measured (
            record_id VARCHAR PRIMARY KEY,
            "values" DOUBLE[] NOT NULL)""",
        """INSERT INTO parameter_name
            SELECT row_number() OVER (ORDER BY name), name FROM (SELECT DISTINCT name FROM parameter)""",
        """INSERT INTO measured
            WITH latest AS (
                SELECT record_id, name, coalesce(
                    arg_max(value, made_at) FILTER (source = 'analyst'),
                    arg_max(value, made_at) FILTER (source = 'found')) AS value
                FROM parameter GROUP BY record_id, name),
            place AS (SELECT record_id, name, code FROM (SELECT DISTINCT record_id FROM latest), parameter_name)
            SELECT record_id, list(value ORDER BY code)
            FROM place LEFT JOIN latest USING (record_id, name) GROUP BY record_id""",
    ),
    (
        # a fingerprint may have signs: two bits a coefficient instead of one
        """CREATE TABLE fingerprint_with_signs (
            fingerprint_id VARCHAR PRIMARY KEY,
            record_id VARCHAR NOT NULL,
            recipe_id VARCHAR NOT NULL,
            variant TINYINT NOT NULL CHECK (variant BETWEEN -2 AND 2),
            cutoff_hz DOUBLE NOT NULL,
            size INTEGER NOT NULL CHECK (size > 0),
            bits BLOB NOT NULL CHECK (octet_length(bits) IN ((size * size + 7) // 8, (2 * size * size + 7) // 8)))""",
        "INSERT INTO fingerprint_with_signs FROM fingerprint",
        "DROP TABLE fingerprint",
        "ALTER TABLE fingerprint_with_signs RENAME TO fingerprint",
    ),
    (
        # an index over so long a key was three times as large as the rows, in the file and in memory
        """CREATE TABLE history (
            record_id VARCHAR NOT NULL,
            name VARCHAR NOT NULL,
            value DOUBLE NOT NULL,
            source VARCHAR NOT NULL CHECK (source IN ('found', 'analyst')),
            author VARCHAR NOT NULL,
            made_at TIMESTAMP_NS NOT NULL)""",
        "INSERT INTO history FROM parameter",
        "DROP TABLE parameter",
        "ALTER TABLE history RENAME TO parameter",
    ),
)
