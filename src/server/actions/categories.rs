//! 카테고리 관리 (A19): the tree of 처리유형.

use super::{Agent, settings};
use crate::{
    api::{FieldError, Problem, categories::CategoriesPage},
    domain::{
        category::{Category, CategoryProblem, Tree},
        ids::CategoryId,
        service::{Language, Localized, Rule},
    },
    server::{
        clock::new_id,
        db::{self, Tx, settings::Change},
        error::{Error, Result},
    },
};

/// The longest name, in characters.
const NAME_MAX: usize = 40;
/// The most categories of a service.
const CATEGORIES_MAX: usize = 1_000;

/// The tree, and whether one of it must be picked.
///
/// # Errors
/// `Forbidden` but for an admin.
pub async fn page(agent: &Agent) -> Result<CategoriesPage> {
    Ok(CategoriesPage { closing: settings::closing(agent).await?, tree: list(agent).await? })
}

/// The tree. Every member may read it: agents pick from it.
///
/// # Errors
/// The database's.
pub async fn list(agent: &Agent) -> Result<Tree> {
    agent.app.db.look(async |tx| db::categories::tree(tx, agent.member.service).await).await
}

/// Makes a category as the last one below `parent`.
///
/// # Errors
/// `Invalid` beside the name, `NotFound` parent, `Rule(TooMany)`.
pub async fn create(agent: &Agent, parent: Option<CategoryId>, name: Localized) -> Result<Tree> {
    let name = checked(name)?;
    edit(agent, async |tx, tree: &Tree| {
        if tree.0.len() >= CATEGORIES_MAX {
            return Err(Rule::TooMany { max: CATEGORIES_MAX as u64 }.into());
        }
        tree.may_add(parent, &name).map_err(problem)?;
        let position = siblings(tree, parent).len() as u64 + 1;
        let category = Category { id: CategoryId(new_id()), parent, name };
        db::categories::insert(tx, agent.member.service, &category, position, agent.app.clock.now()).await?;
        log(tx, agent, category.name.get(Language::Ko), "", &category.name.in_words()).await
    })
    .await
}

/// Renames a category that is still called `was`.
///
/// # Errors
/// As [`create`]; `Rule(Stale)` when it has another name by now.
pub async fn rename(agent: &Agent, id: CategoryId, was: &Localized, name: Localized) -> Result<Tree> {
    let name = checked(name)?;
    edit(agent, async |tx, tree: &Tree| {
        let category = tree.get(id).ok_or(Error::NotFound)?;
        if category.name != *was {
            return Err(Rule::Stale.into());
        }
        tree.may_rename(id, &name).map_err(problem)?;
        let place = siblings(tree, category.parent).iter().position(|c| c.id == id).unwrap_or_default();
        log(tx, agent, category.name.get(Language::Ko), &category.name.in_words(), &name.in_words()).await?;
        db::categories::update(tx, &Category { name, ..category.clone() }, place as u64 + 1).await
    })
    .await
}

/// Puts a category at this place among its siblings.
///
/// # Errors
/// `NotFound`.
pub async fn place(agent: &Agent, id: CategoryId, to: u32) -> Result<Tree> {
    edit(agent, async |tx, tree: &Tree| {
        let category = tree.get(id).ok_or(Error::NotFound)?;
        let mut row = siblings(tree, category.parent);
        let from = row.iter().position(|c| c.id == id).ok_or(Error::NotFound)?;
        let to = usize::try_from(to).unwrap_or(usize::MAX).min(row.len() - 1);
        let moved = row.remove(from);
        row.insert(to, moved);
        for (n, category) in row.iter().enumerate() {
            db::categories::update(tx, category, n as u64 + 1).await?;
        }
        log(tx, agent, category.name.get(Language::Ko), &format!("place {}", from + 1), &format!("place {}", to + 1)).await
    })
    .await
}

/// Deletes a category and all below it.
///
/// # Errors
/// `NotFound`.
pub async fn delete(agent: &Agent, id: CategoryId) -> Result<Tree> {
    edit(agent, async |tx, tree: &Tree| {
        tree.get(id).ok_or(Error::NotFound)?;
        let gone = tree.with_children(id);
        // Children stand behind their parents.
        for category in tree.0.iter().rev().filter(|c| gone.contains(&c.id)) {
            db::categories::delete(tx, category.id).await?;
            log(tx, agent, category.name.get(Language::Ko), &category.name.in_words(), "").await?;
        }
        Ok(())
    })
    .await
}

async fn edit(agent: &Agent, act: impl AsyncFnOnce(&mut Tx, &Tree) -> Result<()>) -> Result<Tree> {
    agent.require_admin()?;
    let service = agent.member.service;
    let tree = agent
        .app
        .db
        .write(async |tx| {
            db::services::lock(tx, service).await?;
            let tree = db::categories::tree(tx, service).await?;
            act(tx, &tree).await?;
            db::categories::tree(tx, service).await
        })
        .await?;
    agent.settings_changed().await;
    Ok(tree)
}

fn siblings(tree: &Tree, parent: Option<CategoryId>) -> Vec<Category> {
    tree.0.iter().filter(|c| c.parent == parent).cloned().collect()
}

fn checked(name: Localized) -> Result<Localized> {
    name.into_name(NAME_MAX).map_err(|(language, problem)| Error::field(&format!("name.{}", language.code()), problem))
}

fn problem(problem: CategoryProblem) -> Error {
    match problem {
        CategoryProblem::Unknown => Error::NotFound,
        CategoryProblem::TooDeep => Error::field("parent", Problem::TooDeep),
        CategoryProblem::Taken { language } => {
            Error::Invalid(vec![FieldError { field: format!("name.{}", language.code()), problem: Problem::Taken }])
        }
    }
}

async fn log(tx: &mut Tx, agent: &Agent, subject: &str, before: &str, after: &str) -> Result<()> {
    let change = Change {
        service: Some(agent.member.service),
        by: agent.account.id,
        at: agent.app.clock.now(),
        kind: "category",
        subject,
        before: before.to_owned(),
        after: after.to_owned(),
    };
    db::settings::log(tx, &change).await
}
