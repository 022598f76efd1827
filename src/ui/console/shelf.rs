//! The canned replies at hand (A49): asked for when somebody begins to write, kept while the
//! signed-in pages stay, asked for again when the service's settings have changed.

use crate::{
    api::canned::{CannedPage, list_canned},
    domain::canned::Book,
    ui::session::left_by,
};
use leptos::{prelude::*, task::spawn_local};

/// What is known of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stock {
    /// Nothing was asked for, or an answer is on its way.
    Empty,
    Here,
    Failed,
}

/// Handle; Copy. Lives as long as the signed-in pages.
#[derive(Clone, Copy)]
pub struct Shelf {
    book: RwSignal<Book>,
    stock: RwSignal<Stock>,
    /// What the agent is called in them.
    agent: RwSignal<String>,
    loading: StoredValue<bool>,
    old: StoredValue<bool>,
}

impl Shelf {
    /// Nothing was asked for yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            book: RwSignal::default(),
            stock: RwSignal::new(Stock::Empty),
            agent: RwSignal::default(),
            loading: StoredValue::new(false),
            old: StoredValue::new(true),
        }
    }

    /// What is here is no longer what is stored.
    pub fn outdate(self) {
        self.old.try_set_value(true);
    }

    /// Sees to it that they are here, unless they are.
    pub fn want(self) {
        if self.loading.get_value() || !self.old.get_value() {
            return;
        }
        self.loading.set_value(true);
        self.old.set_value(false);
        spawn_local(async move {
            let answer = list_canned().await;
            // The page may be gone by now.
            if self.loading.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => self.put(page),
                Err(error) if left_by(&error) => {}
                Err(_) => {
                    self.outdate();
                    if self.stock.get_untracked() != Stock::Here {
                        self.stock.set(Stock::Failed);
                    }
                }
            }
        });
    }

    /// Takes what a page of settings has just got.
    pub fn take(self, page: CannedPage) {
        self.old.set_value(false);
        self.put(page);
    }

    fn put(self, page: CannedPage) {
        self.agent.set(page.agent);
        self.book.set(Book::new(page.replies));
        self.stock.set(Stock::Here);
    }

    #[must_use]
    pub fn read<T>(self, read: impl FnOnce(&Book) -> T) -> T {
        self.book.with(read)
    }

    #[must_use]
    pub fn stock(self) -> Stock {
        self.stock.get()
    }

    #[must_use]
    pub fn agent(self) -> String {
        self.agent.get_untracked()
    }
}
