//! The few words a command takes; too few for a parser library.

use anyhow::{Context, Result, bail};

pub struct Args(Vec<String>);

impl Args {
    pub fn from_env() -> Self {
        Self(std::env::args().skip(1).collect())
    }

    /// Takes the first word that is not an option.
    pub fn word(&mut self) -> Option<String> {
        let at = self.0.iter().position(|word| !word.starts_with("--") || word == "--help")?;
        Some(self.0.remove(at))
    }

    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|word| word != name);
        self.0.len() < before
    }

    /// Takes `--name value` or `--name=value`.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        for at in 0..self.0.len() {
            if self.0[at] == name {
                self.0.remove(at);
                if at == self.0.len() {
                    bail!("{name} needs a value");
                }
                return Ok(Some(self.0.remove(at)));
            }
            if let Some(value) = self.0[at].strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                let value = value.to_owned();
                self.0.remove(at);
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    pub fn number(&mut self, name: &str) -> Result<Option<u16>> {
        let Some(value) = self.value(name)? else {
            return Ok(None);
        };
        Ok(Some(value.parse().with_context(|| format!("{name} {value}: not a port number"))?))
    }

    pub fn remaining(self) -> Vec<String> {
        self.0
    }

    /// Whatever nobody took is a mistake.
    pub fn finish(&self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { bail!("not understood: {}", self.0.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &str) -> Args {
        Args(words.split(' ').map(str::to_owned).collect())
    }

    #[test]
    fn both_spellings_of_a_value() {
        let mut both = args("--port 1 --data=x");
        assert_eq!(both.number("--port").ok().flatten(), Some(1));
        assert_eq!(both.value("--data").ok().flatten().as_deref(), Some("x"));
        assert!(both.finish().is_ok());
    }

    #[test]
    fn what_is_missing_or_left_over_is_an_error() {
        assert!(args("--port").number("--port").is_err());
        assert!(args("--port many").number("--port").is_err());
        assert!(args("--speed").finish().is_err());
    }
}
