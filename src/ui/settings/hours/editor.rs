//! What the parts of the page share: what is stored, and the draft beside it.

use super::{
    edit::{differences, in_order},
    exceptions::Form,
    slot::Slot,
};
use crate::{
    api::{
        ApiError,
        settings::{HoursPage, Saved, load_hours, save_hours, stop_intake},
    },
    domain::{
        calendar::{Calendar, Opening},
        ids::QueueId,
        settings::OpeningHours,
        time::{SECOND, Timestamp},
    },
    ui::{
        kit::texts,
        live::{handle::after, host},
        settings::editing::Work,
    },
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Longest that a browser's timer may run.
const TIMER_MAX: i64 = 1 << 30;

/// Whose hours are shown, and how they are stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// None: the channel's.
    pub queue: Option<QueueId>,
    pub page: HoursPage,
}

/// Reads the hours of the channel, or of a queue.
pub async fn fetch(queue: Option<QueueId>) -> Result<Stored, ApiError> {
    Ok(Stored { queue, page: load_hours(queue).await? })
}

/// The page's state.
#[derive(Clone, Copy)]
pub struct Editor {
    pub stored: RwSignal<Stored>,
    /// Whether there is a calendar at all: always for the channel, a choice for a queue.
    pub own: RwSignal<bool>,
    pub draft: RwSignal<Calendar>,
    /// The calendar that counts by the draft.
    pub counting: Memo<Calendar>,
    /// The exception that is being written.
    pub form: Form,
    pub dirty: Memo<bool>,
    /// What somebody else saved meanwhile.
    pub theirs: RwSignal<Option<HoursPage>>,
    pub work: Work,
}

impl Editor {
    pub fn new(stored: Stored) -> Self {
        let own = RwSignal::new(has_own(&stored));
        let draft = RwSignal::new(calendar_of(&stored));
        let stored = RwSignal::new(stored);
        let form = Form::new();
        let counting = Memo::new(move |_| if own.get() { draft.get() } else { in_order(stored.read().page.channel.clone()) });
        let dirty = Memo::new(move |_| {
            let (own, stored) = (own.get(), stored.read());
            form.touched() || own != has_own(&stored) || (own && in_order(draft.get()) != calendar_of(&stored))
        });
        let editor = Self { stored, own, draft, counting, form, dirty, theirs: RwSignal::new(None), work: Work::new() };
        editor.follow_the_clock();
        editor
    }

    /// Shows what is stored, whatever was written.
    pub fn adopt(self, stored: Stored) {
        self.own.set(has_own(&stored));
        self.draft.set(calendar_of(&stored));
        self.form.close();
        self.theirs.set(None);
        self.work.error.set(None);
        self.stored.set(stored);
    }

    fn adopt_page(self, page: HoursPage) {
        let queue = self.stored.with_untracked(|stored| stored.queue);
        self.adopt(Stored { queue, page });
    }

    pub fn revert(self) {
        self.adopt(self.stored.get_untracked());
    }

    /// Opens the hours of the channel, or of another queue.
    pub fn open(self, queue: Option<QueueId>) {
        self.work.run(fetch(queue), move |stored| self.adopt(stored));
    }

    /// Gives a queue hours of its own, which begin as the channel's, or takes them away.
    pub fn set_own(self, own: bool) {
        if own && self.draft.read_untracked() == Calendar::default() {
            self.draft.set(in_order(self.stored.read_untracked().page.channel.clone()));
        }
        self.own.set(own);
    }

    /// Saves over the version that this page started from, or over what somebody else
    /// saved meanwhile.
    pub fn save(self) {
        // What is being written belongs to what is saved; while it is wrong nothing is.
        if self.own.get_untracked() && !self.form.apply(self.draft) {
            return;
        }
        let (queue, version) = self.stored.with_untracked(|s| (s.queue, s.page.hours.version));
        let over = self.theirs.with_untracked(|theirs| theirs.as_ref().map_or(version, |page| page.hours.version));
        let value = OpeningHours(self.own.get_untracked().then(|| self.draft.get_untracked()));
        let done = texts().hours_saved();
        self.work.run(save_hours(queue, over, value), move |answer| match answer {
            Saved::Done(page) => {
                self.adopt_page(page);
                self.work.say(done);
            }
            Saved::Stale(page) => self.theirs.set(Some(page)),
        });
    }

    pub fn load_theirs(self) {
        if let Some(page) = self.theirs.get_untracked() {
            self.adopt_page(page);
        }
    }

    /// By name, what somebody else changed since this page was loaded.
    pub fn changed_meanwhile(self, theirs: &HoursPage) -> Vec<String> {
        let ordered = |hours: &OpeningHours, queue: bool| match &hours.0 {
            None if queue => OpeningHours(None),
            calendar => OpeningHours(Some(in_order(calendar.clone().unwrap_or_default()))),
        };
        self.stored.with(|stored| {
            let queue = stored.queue.is_some();
            differences(&texts(), &ordered(&stored.page.hours.value, queue), &ordered(&theirs.hours.value, queue))
        })
    }

    /// 지금부터 접수 중지, or taking it back: no matter of the save.
    pub fn stop(self, work: Work, stop: bool, done: impl FnOnce() + 'static) {
        work.run(stop_intake(stop), move |page: HoursPage| {
            self.stored.update(|stored| stored.page.stopped = page.stopped);
            done();
        });
    }

    /// Asks again what holds when the answer changes.
    fn follow_the_clock(self) {
        let timer = Slot::new();
        let now = Memo::new(move |_| self.stored.with(|s| (s.queue, s.page.now)));
        Effect::new(move |_| {
            let (queue, opening): (Option<QueueId>, Opening) = now.get();
            let Some(then): Option<Timestamp> = opening.changes_at() else { return timer.set(None) };
            let wait = (then.since(host::now()) + SECOND).min(TIMER_MAX);
            let ask = after(u32::try_from(wait).unwrap_or_default(), move || {
                host::spawn(async move {
                    // Where it fails the old answer stays until the page is used again.
                    let Ok(page) = load_hours(queue).await else { return };
                    // The page may be gone by now.
                    let _ = self.stored.try_update(|stored| {
                        if stored.queue == queue {
                            stored.page.now = page.now;
                            stored.page.stopped = page.stopped;
                        }
                    });
                });
            });
            timer.set(Some(ask));
        });
    }
}

fn has_own(stored: &Stored) -> bool {
    stored.queue.is_none() || stored.page.hours.value.0.is_some()
}

fn calendar_of(stored: &Stored) -> Calendar {
    in_order(stored.page.hours.value.0.clone().unwrap_or_default())
}
