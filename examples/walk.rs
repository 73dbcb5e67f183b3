use sporhund::extract::*;
use sporhund::model::*;
use std::fs::File;
#[derive(Default)]
struct V(Vec<(String, Option<&'static str>, usize)>);
impl Visitor for V {
    fn enter(&mut self, o: &ObjectPath) {
        self.0.push((o.to_string(), None, 0));
    }
    fn format(&mut self, f: &'static FormatInfo) {
        self.0.last_mut().unwrap().1 = Some(f.id);
    }
    fn piece(&mut self, p: Piece<'_>) {
        self.0.last_mut().unwrap().2 += p.text.len();
    }
    fn fact(&mut self, _: Fact) {}
    fn leave(&mut self, e: End) {
        let (p, f, n) = self.0.pop().unwrap();
        if self.0.is_empty() || std::env::args().nth(2).is_some() {
            println!(
                "{} {} {} text={} {:?}",
                p,
                f.unwrap_or("-"),
                e.outcome.name(),
                n,
                e.outcome.problem().map(|p| p.kind)
            );
        }
    }
}
fn main() {
    let r = Reader::new(Limits::default(), Cancel::default());
    let path = std::env::args().nth(1).unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(&path)
        .map(|d| d.map(|e| e.unwrap().path()).collect())
        .unwrap_or(vec![path.clone().into()]);
    paths.sort();
    for p in paths {
        let f = File::open(&p).unwrap();
        let n = f.metadata().unwrap().len();
        let t = std::time::Instant::now();
        r.read(
            &ObjectPath::file("".into(), p.file_name().unwrap().as_encoded_bytes()),
            f,
            n,
            &mut V::default(),
        );
        let s = t.elapsed().as_secs_f64();
        if s > 0.3 {
            println!("   {s:.2}s {:.1} MB/s", n as f64 / s / 1e6);
        }
    }
}
