"""The tables, as numbered steps: each one brings an older database a version further.

No table declares a foreign key: a client of the owner reads the catalogue by name, and stops at a table that refers to
one further on (DuckDB 1.5). Rows are never deleted, so it is enough that each insert looks for what its rows refer to,
and that `checking` looks at what is there.

A step that was once released is never edited; a change of the tables is a new one at the end of the list.
"""

import json
from collections.abc import Callable

from trova_widgets.store.connection import Connection


def _plans_in_one_notation(connection: Connection) -> None:
    """Give each plan what it stands on under the names of the space: layers, training, recipe."""
    recipes = connection.rows(
        """SELECT experiment_id, plan, recipe."values" FROM experiment
        JOIN dataset USING (dataset_id) LEFT JOIN recipe USING (recipe_id)"""
    )
    for experiment_id, plan_text, recipe_text in recipes:
        plan = json.loads(plan_text)
        base = dict(plan.pop("values", {}))
        for group, values in (("training", plan.pop("training", {})), ("fingerprint", json.loads(recipe_text or "{}"))):
            base |= {f"{group}.{name}": value for name, value in values.items()}
        connection.execute(
            "UPDATE experiment SET plan = ? WHERE experiment_id = ?",
            [json.dumps({**plan, "base": base}, ensure_ascii=False, separators=(",", ":")), experiment_id],
        )


#: What each version adds, from version 1 on; the version of a database is how many of them it has seen. A step is a
#: statement, or does what no statement can; then it knows nothing but the tables, so that it stays what it was.
MIGRATIONS: tuple[tuple[str | Callable[[Connection], None], ...], ...] = (
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
    (
        # nothing was ever written to what goes here: the state of a run has its own file, the weights have theirs
        """CREATE TABLE network_saved (
            network_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            network_type VARCHAR NOT NULL,
            architecture VARCHAR NOT NULL,
            "values" JSON NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
        """INSERT INTO network_saved
            SELECT network_id, name, network_type, architecture, "values", created_at FROM network""",
        "DROP TABLE network",
        "ALTER TABLE network_saved RENAME TO network",
        """CREATE TABLE experiment_planned (
            experiment_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            network_id VARCHAR NOT NULL,
            dataset_id VARCHAR NOT NULL,
            plan JSON NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
        """INSERT INTO experiment_planned
            SELECT experiment_id, name, network_id, dataset_id, plan, created_at FROM experiment""",
        "DROP TABLE experiment",
        "ALTER TABLE experiment_planned RENAME TO experiment",
        _plans_in_one_notation,
        # a trial has every setting under its name in the space; those of the layers, the seed, and what its plan says
        """CREATE TABLE trial_in_space (
            trial_id VARCHAR NOT NULL,
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            state VARCHAR NOT NULL CHECK (state IN ('finished', 'failed')),
            settings JSON NOT NULL,
            quality DOUBLE,
            loss DOUBLE,
            scores JSON NOT NULL,
            confusion JSON NOT NULL,
            curve JSON NOT NULL,
            predictions JSON NOT NULL,
            parameter_count BIGINT,
            seconds DOUBLE NOT NULL,
            versions JSON NOT NULL,
            error VARCHAR,
            finished_at TIMESTAMP_NS NOT NULL,
            PRIMARY KEY (trial_id, attempt))""",
        """INSERT INTO trial_in_space
            WITH plan_of AS (
                SELECT trial_id, any_value(plan -> 'base') AS base
                FROM planned_trial JOIN experiment USING (experiment_id) GROUP BY trial_id)
            SELECT trial_id, attempt, state,
                json_merge_patch(coalesce(base, '{}'), "values", json_object('seed', seed)),
                quality, loss, scores, confusion, curve, predictions, parameter_count, seconds, versions, error,
                finished_at
            FROM trial LEFT JOIN plan_of USING (trial_id)""",
        "DROP TABLE trial",
        "ALTER TABLE trial_in_space RENAME TO trial",
        # a data set freezes records; those that were made with a recipe keep their fingerprints, variant by variant
        """CREATE TABLE dataset_of_records (
            dataset_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            recipe_id VARCHAR,
            classes JSON NOT NULL,
            settings JSON NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
        "INSERT INTO dataset_of_records FROM dataset",
        """CREATE TABLE member_record (
            dataset_id VARCHAR NOT NULL,
            position INTEGER NOT NULL,
            record_id VARCHAR NOT NULL,
            event_id VARCHAR NOT NULL,
            event_class VARCHAR NOT NULL,
            split VARCHAR NOT NULL,
            cutoff_hz DOUBLE,
            variant TINYINT,
            fingerprint_id VARCHAR,
            PRIMARY KEY (dataset_id, position))""",
        # the cut-off of the record itself is that of the middle variant to which its own cut-off belongs
        """INSERT INTO member_record
            WITH middle AS (SELECT record_id, recipe_id, cutoff_hz FROM fingerprint WHERE variant = 0)
            SELECT dataset_id, position, member.record_id, event_id, event_class, split,
                coalesce(
                    arg_min(middle.cutoff_hz, abs(ln(own.cutoff_hz / middle.cutoff_hz)
                        - member.variant * ln(2) * (recipe."values" ->> 'cutoff_step_octaves')::DOUBLE)),
                    any_value(own.cutoff_hz)),
                member.variant, fingerprint_id
            FROM dataset_member AS member
            JOIN dataset USING (dataset_id) JOIN recipe USING (recipe_id)
            LEFT JOIN fingerprint AS own USING (fingerprint_id)
            LEFT JOIN middle ON middle.record_id = member.record_id AND middle.recipe_id = dataset.recipe_id
                AND own.cutoff_hz > 0 AND middle.cutoff_hz > 0
            GROUP BY ALL""",
        "DROP TABLE dataset_member",
        "ALTER TABLE member_record RENAME TO dataset_member",
        "DROP TABLE dataset",
        "ALTER TABLE dataset_of_records RENAME TO dataset",
        # which catalogue of networks the tables hold, so that a later version knows whether to write its own
        "CREATE TABLE catalogue (identity VARCHAR NOT NULL)",
    ),
    (
        # what a catalogue doubts, and what a later one corrects: the values that it replaced stay
        "ALTER TABLE event ADD COLUMN type_certainty VARCHAR",
        "ALTER TABLE event ADD COLUMN energy_class DOUBLE",
        "ALTER TABLE event ADD COLUMN location_error_km DOUBLE",
        """CREATE TABLE event_revision (
            event_id VARCHAR NOT NULL,
            origin_time TIMESTAMP_NS,
            latitude DOUBLE,
            longitude DOUBLE,
            depth_km DOUBLE,
            magnitude DOUBLE,
            magnitude_type VARCHAR,
            event_type VARCHAR,
            source VARCHAR NOT NULL,
            type_certainty VARCHAR,
            energy_class DOUBLE,
            location_error_km DOUBLE,
            replaced_at TIMESTAMP_NS NOT NULL)""",
        """CREATE TABLE match_revision (
            record_id VARCHAR NOT NULL,
            event_id VARCHAR,
            replaced_at TIMESTAMP_NS NOT NULL)""",
        # under which names a content came, by which a table ties files to events that come later
        """CREATE TABLE source_file (
            file_hash VARCHAR NOT NULL,
            path VARCHAR NOT NULL,
            seen_at TIMESTAMP_NS NOT NULL)""",
    ),
    (
        # a trial is a cell, a fold and a seed; what it told of each record is kept whole
        "ALTER TABLE dataset_member ADD COLUMN fold SMALLINT",
        "ALTER TABLE planned_trial ADD COLUMN fold SMALLINT",
        "ALTER TABLE trial ADD COLUMN probabilities BLOB DEFAULT ''::BLOB",
        # the rules by which an experiment was raced last
        "ALTER TABLE experiment ADD COLUMN race JSON",
    ),
    (
        # the strategy over a network and a data set: what it is to do, and each experiment with what was decided
        """CREATE TABLE search (
            search_id VARCHAR PRIMARY KEY,
            name VARCHAR NOT NULL UNIQUE,
            network_id VARCHAR NOT NULL,
            dataset_id VARCHAR NOT NULL,
            agenda JSON NOT NULL,
            steps JSON NOT NULL,
            created_at TIMESTAMP_NS NOT NULL)""",
    ),
    (
        # a recipe says how many variants a record has
        """CREATE TABLE fingerprint_of_any_variant (
            fingerprint_id VARCHAR PRIMARY KEY,
            record_id VARCHAR NOT NULL,
            recipe_id VARCHAR NOT NULL,
            variant TINYINT NOT NULL,
            cutoff_hz DOUBLE NOT NULL,
            size INTEGER NOT NULL CHECK (size > 0),
            bits BLOB NOT NULL CHECK (octet_length(bits) IN ((size * size + 7) // 8, (2 * size * size + 7) // 8)))""",
        "INSERT INTO fingerprint_of_any_variant FROM fingerprint",
        "DROP TABLE fingerprint",
        "ALTER TABLE fingerprint_of_any_variant RENAME TO fingerprint",
    ),
)
