//! The sample service of `damso demo`: made once in an empty database, gone on with
//! afterwards. Nothing of it exists in any other mode.

use super::{
    actions::accounts::{insert_account, make_service},
    clock::new_id,
    db::{self, accounts::Account},
    error::Result,
    secrets,
    state::App,
};
use crate::{
    domain::{
        ids::{AccountId, ServiceId},
        permission::Role,
        preferences::Preferences,
        service::{Contract, Language, Localized, Service},
    },
    ui::page::DemoAccount,
};

/// The password of every sample account.
const PASSWORD: &str = "damso-demo";
/// Address, name, owner.
const PEOPLE: [(&str, &str, bool); 4] = [
    ("owner@example.com", "조직관리자", true),
    ("agent1@example.com", "상담원1", false),
    ("agent2@example.com", "상담원2", false),
    ("agent3@example.com", "상담원3", false),
];

/// The sample accounts, for the demo's sign-in page.
#[must_use]
pub fn accounts() -> Vec<DemoAccount> {
    PEOPLE.iter().map(|(email, ..)| DemoAccount { email: (*email).to_owned(), password: PASSWORD.to_owned() }).collect()
}

/// Makes the sample service and its people, unless they are there.
///
/// # Errors
/// The database's.
pub async fn seed(app: &App) -> Result<()> {
    let at = app.clock.now();
    let there = app.db.read(async |tx| db::services::find_by_key(tx, "demo").await).await?;
    if there.is_some() {
        return Ok(());
    }
    let password_hash = secrets::hash_password(PASSWORD.to_owned()).await?;
    app.db
        .write(async |tx| {
            let mut members = Vec::new();
            for (email, name, owner) in PEOPLE {
                let account = Account {
                    id: AccountId(new_id()),
                    email: email.to_owned(),
                    name: name.to_owned(),
                    password_hash: password_hash.clone(),
                    language: Language::Ko,
                    owner,
                    deactivated: false,
                    preferences: Preferences::default(),
                };
                insert_account(tx, &account, at).await?;
                members.push((account.id, if owner { Role::Admin } else { Role::Agent }));
            }
            let service = Service {
                id: ServiceId(new_id()),
                key: "demo".to_owned(),
                name: Localized { ko: "데모 스토어".to_owned(), en: "Demo Store".to_owned() },
                zone: "Asia/Seoul".to_owned(),
                languages: Language::ALL.to_vec(),
                contract: Contract { chat: true, security: true },
            };
            let queue = Localized { ko: "기본 상담".to_owned(), en: "General".to_owned() };
            make_service(tx, &service, Some(queue), "demo", &app.config.origins, &members, at).await
        })
        .await
}
