//! The two databases: equal schemas, durable files, backup and restore.

use crate::support::{self, Kind, TestApp};
use damso::server::db::{self, Db};
use sqlx::Row as _;
use std::collections::BTreeMap;

/// Table → column → type in the words of both.
async fn schema(db: &Db) -> BTreeMap<String, BTreeMap<String, (String, bool)>> {
    let rows: Vec<(String, String, String, bool)> = match db {
        Db::Sqlite { read, .. } => sqlx::query(
            "SELECT m.name AS t, c.name AS c, c.type AS k, (c.\"notnull\" = 1 OR c.pk > 0) AS n,
                    m.sql LIKE '%CHECK (' || c.name || ' IN (0, 1))%' AS b
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'",
        )
        .fetch_all(read)
        .await
        .unwrap()
        .iter()
        .map(|row| {
            let kind: String = row.get("k");
            let kind = match (kind.as_str(), row.get::<bool, _>("b")) {
                ("INTEGER", true) => "bool",
                ("INTEGER", false) => "int",
                ("BLOB", _) => "bytes",
                ("TEXT", _) => "text",
                other => panic!("{other:?}"),
            };
            (row.get("t"), row.get("c"), kind.to_owned(), row.get("n"))
        })
        .collect(),
        Db::Postgres(pool) => sqlx::query(
            "SELECT table_name::text AS t, column_name::text AS c, data_type::text AS k, is_nullable = 'NO' AS n FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'",
        )
        .fetch_all(pool)
        .await
        .unwrap()
        .iter()
        .map(|row| {
            let kind: String = row.get("k");
            let kind = match kind.as_str() {
                "boolean" => "bool",
                "bigint" => "int",
                "uuid" | "bytea" => "bytes",
                "text" => "text",
                other => panic!("{other}"),
            };
            (row.get("t"), row.get("c"), kind.to_owned(), row.get("n"))
        })
        .collect(),
    };
    let mut out: BTreeMap<String, BTreeMap<String, (String, bool)>> = BTreeMap::new();
    for (table, column, kind, not_null) in rows {
        out.entry(table).or_default().insert(column, (kind, not_null));
    }
    out
}

#[tokio::test]
async fn both_schemas_are_equal() {
    let folder = tempfile::tempdir().unwrap();
    let mut schemas = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let db = Db::open(&support::database(kind, &folder).await).await.unwrap();
        db.migrate().await.unwrap();
        schemas.push(schema(&db).await);
        db.close().await;
    }
    assert!(schemas[0].len() >= 13);
    assert_eq!(schemas[0], schemas[1]);
    let names = |folder: &str| {
        let mut names: Vec<_> = std::fs::read_dir(format!("{}/migrations/{folder}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .map(|f| f.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test]
async fn an_older_program_refuses_a_newer_database() {
    let folder = tempfile::tempdir().unwrap();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let db = Db::open(&support::database(kind, &folder).await).await.unwrap();
        db.migrate().await.unwrap();
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations LIMIT 1";
        match &db {
            Db::Sqlite { write, .. } => sqlx::raw_sql(newer).execute(write).await.map(drop).unwrap(),
            Db::Postgres(pool) => sqlx::raw_sql(newer).execute(pool).await.map(drop).unwrap(),
        }
        let refused = db.migrate().await.unwrap_err().to_string();
        assert!(refused.contains("newer"), "{refused}");
        db.close().await;
    }
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_never_taken_for_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damso.db");
    std::fs::write(&path, [b"no database at all, but long enough to be looked at".as_slice(), &[0xaa; 4096]].concat()).unwrap();
    assert!(Db::open(&format!("sqlite:{}", path.display())).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_writes_is_a_sound_prefix() {
    let test = TestApp::start(Kind::Sqlite).await;
    let customer = test.visitor().await;
    let chat = customer.say("0").await.unwrap().chat;
    let to = test.folder.path().join("copy.db");
    let (copied, ()) = tokio::join!(test.app.db.backup(&to), async {
        for n in 1..60 {
            customer.say(&n.to_string()).await.unwrap();
        }
    });
    copied.unwrap();
    assert!(test.app.db.backup(&to).await.is_err(), "never over a file that is there");
    let copy = Db::open(&format!("sqlite:{}", to.display())).await.unwrap();
    let (row, events) = copy
        .read(async |tx| Ok((db::chats::find(tx, chat).await?.unwrap(), db::events::page(tx, chat, None, false, 1_000).await?)))
        .await
        .unwrap();
    assert_eq!(row.seq, events.len() as u64);
    assert!(events.iter().zip(1..).all(|(e, n)| e.seq == n));
    copy.close().await;
}
