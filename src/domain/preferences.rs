//! How one agent wants his own pages to look, sound and answer to keys (A38, A85).

use serde::{Deserialize, Serialize};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in pages and styles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How close the rows of lists stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
}

impl Density {
    pub const ALL: [Self; 2] = [Self::Comfortable, Self::Compact];

    /// The name in pages and styles.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }
}

/// What there is to hear, each with a sound of its own (K4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sound {
    /// Something waits for me to begin: rings until I look at it, or it is gone.
    Request,
    /// A customer of mine has written.
    Message,
    /// A colleague has left a note in a chat of mine.
    Note,
}

impl Sound {
    pub const ALL: [Self; 3] = [Self::Request, Self::Message, Self::Note];
}

/// What an agent is told of beside the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Notices {
    pub request: bool,
    pub message: bool,
    pub note: bool,
    /// 0–100; 0 is silence.
    pub volume: u8,
    /// Sounds also while one looks at a page of the console.
    pub looking: bool,
    /// Notices of the desktop, while one looks elsewhere.
    pub desktop: bool,
    /// They tell what was written, not only that something was.
    pub words: bool,
}

impl Default for Notices {
    fn default() -> Self {
        Self { request: true, message: true, note: true, volume: 60, looking: true, desktop: true, words: true }
    }
}

impl Notices {
    /// Whether `sound` is wanted at all.
    #[must_use]
    pub fn wants(&self, sound: Sound) -> bool {
        self.volume > 0
            && match sound {
                Sound::Request => self.request,
                Sound::Message => self.message,
                Sound::Note => self.note,
            }
    }
}

/// All of it; one per account, in every browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    pub theme: Theme,
    pub density: Density,
    /// Keys of one letter outside text fields (WCAG 2.1.4 wants a way to turn them off).
    pub shortcuts: bool,
    /// Width of the lists, in steps of 20 px from 240 px: 0–12.
    pub lists: u8,
    /// Width of the details, in the same steps from 280 px.
    pub details: u8,
    pub notices: Notices,
}

/// The widest step of a pane.
pub const WIDTH_MAX: u8 = 12;

impl Default for Preferences {
    fn default() -> Self {
        Self { theme: Theme::default(), density: Density::default(), shortcuts: true, lists: 3, details: 2, notices: Notices::default() }
    }
}

impl Preferences {
    /// With every number in its range.
    #[must_use]
    pub fn clean(mut self) -> Self {
        self.notices.volume = self.notices.volume.min(100);
        self.lists = self.lists.min(WIDTH_MAX);
        self.details = self.details.min(WIDTH_MAX);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_said_is_the_default() {
        let stored: Preferences = serde_json::from_str(r#"{"theme":"dark"}"#).unwrap();
        assert_eq!(stored, Preferences { theme: Theme::Dark, ..Preferences::default() });
    }

    #[test]
    fn no_volume_is_no_sound() {
        let mute = Notices { volume: 0, ..Notices::default() };
        for sound in Sound::ALL {
            assert!(Notices::default().wants(sound) && !mute.wants(sound));
        }
        let only = Notices { request: false, note: false, ..Notices::default() };
        assert_eq!(Sound::ALL.map(|sound| only.wants(sound)), [false, true, false]);
    }

    #[test]
    fn numbers_stay_in_their_ranges() {
        let notices = Notices { volume: 255, ..Notices::default() };
        let clean = Preferences { lists: 200, details: 13, notices, ..Preferences::default() }.clean();
        assert_eq!((clean.notices.volume, clean.lists, clean.details), (100, WIDTH_MAX, WIDTH_MAX));
    }
}
