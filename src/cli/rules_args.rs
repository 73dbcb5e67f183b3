//! What can be typed for `sporhund rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::args::{LangArg, SummaryFormat};

#[derive(Args, Debug)]
pub(crate) struct RulesArgs {
    #[command(subcommand)]
    pub(crate) command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// The rules that are in force
    List(RuleFiles),
    /// Run the examples of the rules and look for gaps
    Check {
        #[command(flatten)]
        files: RuleFiles,
        /// Hold the rules against the text of the policy that they cite
        #[arg(long, value_name = "TEXT")]
        policy: Option<PathBuf>,
        /// Change each rule in one place after the other, and tell what no example notices
        #[arg(long)]
        mutate: bool,
    },
    /// Each statement of a policy's text, and the rules and purposes that speak of it
    Coverage {
        /// The text of the policy
        #[arg(long, value_name = "TEXT")]
        policy: PathBuf,
        #[command(flatten)]
        files: RuleFiles,
        /// The form of the table
        #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
        format: SummaryFormat,
    },
    /// The JSON Schema of a file of ours, for an editor; without a name, which files have one
    Schema {
        /// The file
        #[arg(value_enum)]
        file: Option<SchemaArg>,
    },
    /// One rule: statement, norm, period, who accepted it
    Explain {
        /// Id of the rule
        id: String,
        #[command(flatten)]
        files: RuleFiles,
        /// Language
        #[arg(long, value_name = "nb|nn|en")]
        lang: Option<LangArg>,
    },
    /// Judge facts, given as JSON in a file or on standard input
    Judge {
        /// The facts: one object or an array
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
        #[command(flatten)]
        files: RuleFiles,
        /// Language of the explanations
        #[arg(long, value_name = "nb|nn|en")]
        lang: Option<LangArg>,
    },
}

/// The files that have a JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaArg {
    /// A rule file
    Rules,
    /// `site.toml`
    Site,
    /// The classes of documents
    Classes,
    /// The types of events
    Events,
}

#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RuleFiles {
    /// A file, or the name of shipped rules (repeatable)
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) rules: Vec<String>,
    /// Remarks count as errors
    #[arg(long)]
    pub(crate) strict: bool,
}
