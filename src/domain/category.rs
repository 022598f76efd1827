//! 처리유형 categories (A19): a tree of one to three depths, its names unique within a depth.

use super::{
    ids::CategoryId,
    service::{Language, Localized},
    text::hangul::{composed, initial, is_initial},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The deepest level; the first is 1.
pub const DEPTH_MAX: usize = 3;

/// One node of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: CategoryId,
    /// None at depth 1.
    pub parent: Option<CategoryId>,
    pub name: Localized,
}

/// A service's categories, each after its parent and in the order in which they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tree(pub Vec<Category>);

/// Why a change of the tree is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum CategoryProblem {
    /// No such category, or parent.
    Unknown,
    /// Below the third depth nothing can stand.
    TooDeep,
    /// Another category of this depth has the name in this language.
    Taken { language: Language },
}

impl Tree {
    #[must_use]
    pub fn get(&self, id: CategoryId) -> Option<&Category> {
        self.0.iter().find(|category| category.id == id)
    }

    /// The depth of a category, from 1.
    ///
    /// # Errors
    /// [`CategoryProblem::Unknown`].
    pub fn depth(&self, id: CategoryId) -> Result<usize, CategoryProblem> {
        let mut category = self.get(id).ok_or(CategoryProblem::Unknown)?;
        let mut depth = 1;
        while let Some(parent) = category.parent {
            category = self.get(parent).ok_or(CategoryProblem::Unknown)?;
            depth += 1;
        }
        Ok(depth)
    }

    /// Whether a category may be made below `parent` with this name.
    ///
    /// # Errors
    /// [`CategoryProblem`].
    pub fn may_add(&self, parent: Option<CategoryId>, name: &Localized) -> Result<(), CategoryProblem> {
        let depth = parent.map_or(Ok(0), |parent| self.depth(parent))? + 1;
        if depth > DEPTH_MAX {
            return Err(CategoryProblem::TooDeep);
        }
        self.free(depth, None, name)
    }

    /// Whether a category may get this name.
    ///
    /// # Errors
    /// [`CategoryProblem`].
    pub fn may_rename(&self, id: CategoryId, name: &Localized) -> Result<(), CategoryProblem> {
        self.free(self.depth(id)?, Some(id), name)
    }

    /// A category and everything below it: what its deletion takes along.
    #[must_use]
    pub fn with_children(&self, id: CategoryId) -> BTreeSet<CategoryId> {
        let mut gone = BTreeSet::from([id]);
        // Parents come first, so one pass finds all.
        for category in &self.0 {
            if category.parent.is_some_and(|parent| gone.contains(&parent)) {
                gone.insert(category.id);
            }
        }
        gone
    }

    /// The name with those of its parents, `배송 › 지연 › 택배사`.
    #[must_use]
    pub fn path(&self, id: CategoryId, language: Language) -> Option<String> {
        let mut category = self.get(id)?;
        let mut names = vec![category.name.get(language)];
        while let Some(parent) = category.parent {
            category = self.get(parent)?;
            names.push(category.name.get(language));
        }
        names.reverse();
        Some(names.join(" › "))
    }

    /// The categories whose path has all of these words, or their initial consonants, each
    /// with its path; all of them for an empty query.
    #[must_use]
    pub fn search(&self, query: &str, language: Language) -> Vec<(CategoryId, String)> {
        let query = composed(query).to_lowercase();
        let words: Vec<&str> = query.split_whitespace().collect();
        let found = |path: &str| {
            let lower = path.to_lowercase();
            let initials: String = lower.chars().map(|c| initial(c).unwrap_or(c)).collect();
            words.iter().all(|word| lower.contains(word) || (word.chars().all(is_initial) && initials.contains(word)))
        };
        self.0
            .iter()
            .filter_map(|category| Some((category.id, self.path(category.id, language)?)))
            .filter(|(_, path)| found(path))
            .collect()
    }

    fn free(&self, depth: usize, but: Option<CategoryId>, name: &Localized) -> Result<(), CategoryProblem> {
        let mut others = self.0.iter().filter(|other| Some(other.id) != but && self.depth(other.id) == Ok(depth));
        match others.find_map(|other| name.same_as(&other.name)) {
            Some(language) => Err(CategoryProblem::Taken { language }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> CategoryId {
        CategoryId(Uuid::from_u128(n))
    }

    fn name(ko: &str, en: &str) -> Localized {
        Localized { ko: ko.into(), en: en.into() }
    }

    fn tree() -> Tree {
        let node = |n, parent: Option<u128>, ko: &str, en: &str| Category { id: id(n), parent: parent.map(id), name: name(ko, en) };
        Tree(vec![
            node(1, None, "배송", "Delivery"),
            node(2, Some(1), "지연", ""),
            node(3, Some(2), "택배사", "Carrier"),
            node(4, None, "결제", "Payment"),
            node(5, Some(4), "환불", "Refund"),
        ])
    }

    #[test]
    fn below_the_third_depth_nothing_can_stand() {
        let tree = tree();
        assert_eq!(tree.may_add(Some(id(2)), &name("분실", "")), Ok(()));
        assert_eq!(tree.may_add(Some(id(3)), &name("분실", "")), Err(CategoryProblem::TooDeep));
        assert_eq!(tree.may_add(Some(id(9)), &name("분실", "")), Err(CategoryProblem::Unknown));
    }

    #[test]
    fn a_name_is_unique_within_its_depth_in_each_language() {
        let tree = tree();
        assert_eq!(
            tree.may_add(Some(id(1)), &name("환불", "")),
            Err(CategoryProblem::Taken { language: Language::Ko }),
            "also below another parent"
        );
        assert_eq!(
            tree.may_add(Some(id(1)), &name("반품", "refund")),
            Err(CategoryProblem::Taken { language: Language::En }),
            "in any case"
        );
        assert_eq!(tree.may_add(None, &name("환불", "Refund")), Ok(()), "at another depth");
        assert_eq!(tree.may_add(Some(id(1)), &name("반품", "")), Ok(()), "two that lack a translation");
        assert_eq!(tree.may_rename(id(5), &name("환불", "Refunds")), Ok(()), "its own name");
        assert_eq!(tree.may_rename(id(5), &name("지연", "Refund")), Err(CategoryProblem::Taken { language: Language::Ko }));
    }

    #[test]
    fn a_deletion_takes_the_children_along() {
        assert_eq!(tree().with_children(id(1)), BTreeSet::from([id(1), id(2), id(3)]));
        assert_eq!(tree().with_children(id(5)), BTreeSet::from([id(5)]));
    }

    #[test]
    fn a_search_knows_paths_words_and_initial_consonants() {
        let found = |query: &str| tree().search(query, Language::Ko).into_iter().map(|(_, path)| path).collect::<Vec<_>>();
        assert_eq!(found("").len(), 5);
        assert_eq!(found("지연 배송"), ["배송 › 지연", "배송 › 지연 › 택배사"], "in any order");
        assert_eq!(found("ㅎㅂ"), ["결제 › 환불"]);
        assert_eq!(found("ㅎㅂ 배송"), Vec::<String>::new());
        assert_eq!(tree().search("CARR", Language::En), [(id(3), "Delivery › 지연 › Carrier".to_owned())]);
    }

    #[test]
    fn a_path_falls_back_where_a_translation_is_missing() {
        assert_eq!(tree().path(id(3), Language::En).as_deref(), Some("Delivery › 지연 › Carrier"));
        assert_eq!(tree().path(id(9), Language::Ko), None);
    }
}
