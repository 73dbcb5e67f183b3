//! `sporhund plan`: what is due, as a plan that people approve line by line.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::args::{JudgeArgs, KeyArgs, PathsArgs, RoundsArgs, SayArgs, SpeakArgs};
use super::config::{Config, read_text};
use super::exit::Exit;
use super::law::Law;
use super::message::{Refusal, remark};
use super::settings::{Places, Saying};
use super::{applicants, environment, remarks, report, round, signing, tasks};
use crate::inventory::Reader;
use crate::model::{Candidate, DigestKey, Lang};
use crate::plan::{self, DecisionReader, OfPerson, Plan, Wish};
use crate::policy::Period;
use crate::report::{JudgedBy, Judging};
use crate::round::{Applicant, Attribution, People};

/// The folder for quarantined files below a root, where no other is named.
#[cfg(unix)]
pub(super) const QUARANTINE: &str = crate::deed::QUARANTINE;
/// The same name where nothing is ever moved.
#[cfg(not(unix))]
pub(super) const QUARANTINE: &str = ".sporhund-quarantine";

#[derive(Args, Debug)]
pub(crate) struct PlanArgs {
    /// Only this hiring round, course or case
    #[arg(long, value_name = "ID")]
    process: Option<String>,
    /// Also what falls due within a period, such as `P30D`
    #[arg(long, value_name = "PERIOD")]
    within: Option<String>,
    /// How many different people must approve each line
    #[arg(long, value_name = "1|2", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    approvals: u8,
    /// The form: a plan for `apply`, a page to read, a workbook to decide in, or the days as a calendar
    #[arg(long, value_enum, default_value_t = PlanForm::Json)]
    format: PlanForm,
    /// Tell which tasks for a person are done, by the scan after the plan was made
    #[arg(long, requires = "of", conflicts_with_all = ["read", "format"])]
    tasks: bool,
    /// Work with this plan instead of making a new one
    #[arg(long, value_name = "FILE")]
    of: Option<PathBuf>,
    /// Take over the decisions of a workbook that was made of the plan
    #[arg(long, value_name = "FILE", requires = "of")]
    read: Option<PathBuf>,
    /// Take over a signature over the statement, made with `ssh-keygen -Y sign -n sporhund`
    #[arg(long, value_name = "FILE", requires = "of", conflicts_with = "read")]
    signature: Option<PathBuf>,
    /// Who may sign, as `ssh-keygen` reads it (`allowed_signers`)
    #[arg(long, value_name = "FILE", requires = "of")]
    allowed_signers: Option<PathBuf>,
    /// Show the names of the applicant list beside the ids, in a page or a workbook
    #[arg(long)]
    show_names: bool,
    /// The approvals that are read or signed are the second person's
    #[arg(long, requires = "of")]
    second: bool,
    /// Run a command and give it the numbers of the plan as JSON: how many, and the first day
    #[arg(long, value_name = "COMMAND")]
    hook: Option<PathBuf>,
    /// Write to a file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    key: KeyArgs,
    #[command(flatten)]
    rounds: RoundsArgs,
    #[command(flatten)]
    speak: SpeakArgs,
}

/// The forms a plan can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum PlanForm {
    /// What `apply` reads
    Json,
    /// A page to read
    Html,
    /// A workbook to decide in
    Xlsx,
    /// The days something falls due
    Ics,
    /// The text that an approver signs: the seal, and the lines that are approved
    Statement,
}

pub(crate) fn run(arguments: &PlanArgs) -> anyhow::Result<Exit> {
    let say = SayArgs {
        output: arguments.output.clone(),
        ..SayArgs::of(&arguments.speak, &PathsArgs::default())
    };
    let desk = Desk::new(&arguments.judge, &arguments.key, &say)?.with_rounds(&arguments.rounds)?;
    let mut exit = Exit::Complete;
    let plan = if let Some(file) = &arguments.of {
        let (plan, refused) = decided(&desk, file, arguments)?;
        if arguments.tasks {
            return tasks::tell(&desk, &plan);
        }
        if refused {
            exit = Exit::Incomplete;
        }
        plan
    } else {
        let mut plan = desk.with_judging(|judging| make(&desk, judging, arguments))?;
        let people = desk.people()?;
        let whose = |hit: &Candidate| people.whose(hit.kind.detector, hit.digest);
        tasks::remark_on_unseen(tasks::pinpoint(&desk, &mut plan, &whose)?);
        plan.seal(&desk.key)
            .context("the plan could not be sealed")?;
        plan
    };
    let lang = desk.saying.lang;
    let names = if arguments.show_names {
        desk.names()
    } else {
        BTreeMap::new()
    };
    let shown = plan.with_names(&names);
    let bytes = match arguments.format {
        PlanForm::Json => plan.to_json()?.into_bytes(),
        PlanForm::Statement => plan.statement(arguments.second).into_bytes(),
        PlanForm::Html => shown.to_html(lang).into_bytes(),
        PlanForm::Ics => plan
            .to_ics(lang, jiff::Timestamp::from_second(environment::now())?)
            .into_bytes(),
        PlanForm::Xlsx => shown
            .to_xlsx(lang)
            .context("the workbook could not be written")?,
    };
    report::with_output(desk.saying.output.as_deref(), |out| {
        Ok(out.write_all(&bytes)?)
    })?;
    if let Some(command) = &arguments.hook {
        run_hook(command, &plan)?;
    }
    tell(&desk.saying, &plan);
    Ok(exit)
}

/// A plan that was made before, with a signature or the decisions of a workbook; tells whether a row was refused.
fn decided(desk: &Desk, file: &Path, arguments: &PlanArgs) -> anyhow::Result<(Plan, bool)> {
    let refused = |error: plan::Error| Refusal::new(error.to_string());
    let mut plan = Plan::parse(&read_text(file)?).map_err(refused)?;
    plan.check_inventory(&desk.inventory).map_err(refused)?;
    plan.check_seal(&desk.key).map_err(refused)?;
    if let Some(signature) = &arguments.signature {
        let signers = signing::signers(arguments.allowed_signers.as_deref(), &desk.config)?;
        signing::sign(&mut plan, arguments.second, signature, signers.as_ref())?;
    }
    let Some(workbook) = &arguments.read else {
        return Ok((plan, false));
    };
    let account = environment::account();
    let reader = DecisionReader {
        account: &account,
        on: environment::today(),
        second: arguments.second,
    };
    let rows = round::tables::rows(workbook)?;
    let (decided, refused) = plan
        .decide(&rows, &reader)
        .map_err(|why| Refusal::new(format!("`{}`: {why}", workbook.display())))?;
    for (row, why) in &refused {
        remark(&format!(
            "`{}`, row {row}: {why}; the line stays as it was",
            workbook.display()
        ));
    }
    desk.saying.remark(remarks::decided(decided, refused.len()));
    Ok((plan, !refused.is_empty()))
}

/// Tells a command how much is due, and nothing else: no path, no name.
fn run_hook(command: &Path, plan: &Plan) -> anyhow::Result<()> {
    let lines = plan
        .lines
        .iter()
        .filter(|line| line.kind != plan::Kind::Possible);
    let due = lines
        .clone()
        .filter(|line| line.due.is_some_and(|day| day <= plan.head.as_of));
    let numbers = serde_json::json!({
        "as_of": plan.head.as_of,
        "until": plan.head.until,
        "process": plan.head.process,
        "due": due.count(),
        "lines": lines.clone().count(),
        "first_due": lines.filter_map(|line| line.due).min(),
    });
    let failed = || format!("the hook `{}` failed", command.display());
    let mut child = std::process::Command::new(command)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .with_context(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A hook need not read what it is told.
        let _ = writeln!(stdin, "{numbers}");
    }
    if child.wait().with_context(failed)?.success() {
        return Ok(());
    }
    Err(anyhow::anyhow!(failed()))
}

/// What is due at this moment: what a line of an earlier plan is held against.
pub(super) fn fresh(desk: &Desk, then: &Plan) -> anyhow::Result<Plan> {
    let people = desk.people()?;
    let person = OfPerson::of_plan(people, then);
    let attribution = person.as_ref().map_or(people as &dyn Attribution, |of| of);
    desk.with_judging_of(attribution, |judging| {
        let wish = Wish {
            judging,
            as_of: desk.places.as_of,
            until: desk.places.as_of,
            process: then.head.process.as_deref(),
            subject: then.head.subject.as_deref(),
            approvals: 1,
            lang: desk.saying.lang,
        };
        Ok(plan::make(&desk.inventory, &wish)?)
    })
}

fn make(desk: &Desk, judging: &Judging<'_>, arguments: &PlanArgs) -> anyhow::Result<Plan> {
    let as_of = desk.places.as_of;
    let until = match &arguments.within {
        None => as_of,
        Some(text) => Period::parse(text)
            .ok_or_else(|| Refusal::new(format!("`{text}` is no period")).hint("such as `P30D`"))?
            .after(as_of),
    };
    let wish = Wish {
        judging,
        as_of,
        until,
        process: arguments.process.as_deref(),
        subject: None,
        approvals: arguments.approvals,
        lang: desk.saying.lang,
    };
    Ok(plan::make(&desk.inventory, &wish)?)
}

fn tell(saying: &Saying, plan: &Plan) {
    let count = |kind| plan.lines.iter().filter(|line| line.kind == kind).count() as u64;
    let (files, tasks) = (count(plan::Kind::File), count(plan::Kind::Manual));
    let possible = count(plan::Kind::Possible);
    saying.remark(remarks::plan_holds(files, tasks, possible));
    if plan.head.unread > 0 {
        saying.remark(remarks::plan_unread(plan.head.unread));
    }
    let assumed = plan.head.assumptions();
    if !assumed.is_empty() {
        saying.remark(remarks::plan_assumes(&assumed.join("; ")));
    }
}

/// Everything that a command needs that acts on verdicts.
pub(super) struct Desk {
    pub(super) places: Places,
    pub(super) saying: Saying,
    pub(super) law: Law,
    pub(super) inventory: Reader,
    pub(super) key: DigestKey,
    pub(super) config: Config,
    applicants: Vec<Applicant>,
}

impl Desk {
    /// Everything, of rules that something can be due by.
    pub(super) fn new(judge: &JudgeArgs, key: &KeyArgs, say: &SayArgs) -> anyhow::Result<Self> {
        Self::open((judge, key), say, |places, lang| {
            Law::load(places, lang)?.ok_or_else(|| {
                let refusal = Refusal::new("without rules nothing is due");
                let hint = "`--rules FILE|NAME`, or `rules` in `sporhund.toml`";
                refusal.hint(hint).into()
            })
        })
    }

    /// Everything but rules and events, for what tells of deeds and judges nothing.
    #[cfg(unix)]
    pub(super) fn without_rules(
        judge: &JudgeArgs,
        key: &KeyArgs,
        say: &SayArgs,
    ) -> anyhow::Result<Self> {
        Self::open((judge, key), say, |places, _| Law::of_site(places))
    }

    fn open(
        (judge, key): (&JudgeArgs, &KeyArgs),
        say: &SayArgs,
        law: impl FnOnce(&Places, Lang) -> anyhow::Result<Law>,
    ) -> anyhow::Result<Self> {
        let config = report::configuration(judge)?;
        let places = Places::new(judge, &config)?.with_key(key);
        let saying = Saying::new(say, &config)?;
        let law = law(&places, saying.lang)?;
        let inventory = report::open(&places.inventory)?;
        let key = right_key(places.key_file.clone(), &places.inventory, &inventory)?;
        Ok(Self {
            places,
            saying,
            law,
            inventory,
            key,
            config,
            applicants: Vec::new(),
        })
    }

    /// The same with the applicants of a list, whom objects can be about.
    pub(super) fn with_rounds(mut self, arguments: &RoundsArgs) -> anyhow::Result<Self> {
        let named = arguments.rounds.as_deref();
        let file = round::rounds_file(named, &self.config);
        self.applicants = round::applicants(&file, named.is_some())?;
        Ok(self)
    }

    /// The names of the applicants by their ids, to be shown and not kept.
    pub(super) fn names(&self) -> BTreeMap<String, String> {
        let named = self.applicants.iter();
        named
            .map(|one| (one.subject.clone(), one.name.clone()))
            .collect()
    }

    /// Whom objects are about, by the applicant lists: looked for when it is first asked for, because
    /// not every command needs it.
    pub(super) fn people(&self) -> anyhow::Result<&People> {
        self.law.know(&self.inventory, &self.applicants, &self.key)
    }

    /// Works with the judge of these rules, events and day, and of the applicant lists.
    pub(super) fn with_judging<T>(
        &self,
        work: impl FnOnce(&Judging<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        self.with_judging_of(self.people()?, work)
    }

    /// The same where more is known of whom objects are about.
    pub(super) fn with_judging_of<T>(
        &self,
        attribution: &dyn Attribution,
        work: impl FnOnce(&Judging<'_>) -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let lang = self.saying.lang;
        let judge = self.law.judge(self.places.as_of, lang);
        let by = JudgedBy {
            attribution,
            ..self.law.judged_by(&judge)
        };
        work(&Judging::new(&self.inventory, by, lang)?)
    }
}

/// The key that the inventory was made with; none is made in its place.
pub(super) fn right_key(
    file: Option<PathBuf>,
    path: &std::path::Path,
    inventory: &Reader,
) -> anyhow::Result<DigestKey> {
    let key = applicants::key_at(file, path)?;
    Ok(applicants::fitting(key, inventory)?)
}
