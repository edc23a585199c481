package effect

// Risk is a rating. The order is safe < low < caution < high < critical.
type Risk string

// The ratings, from harmless to worst.
const (
	Safe     Risk = "safe"
	Low      Risk = "low"
	Caution  Risk = "caution"
	High     Risk = "high"
	Critical Risk = "critical"
)

// Risks lists the ratings in ascending order.
var Risks = []Risk{Safe, Low, Caution, High, Critical}

// Letters are the ratings as tables of lore write them.
var Letters = map[string]Risk{"s": Safe, "l": Low, "c": Caution, "h": High, "k": Critical}

// Rank is the place of r in [Risks], 0 to 4. A word that is no rating ranks as
// critical, so that damage to a record never looks harmless.
func (r Risk) Rank() int {
	switch r {
	case Safe, "":
		return 0
	case Low:
		return 1
	case Caution:
		return 2
	case High:
		return 3
	default:
		return 4
	}
}

// AtLeast reports whether r is o or worse.
func (r Risk) AtLeast(o Risk) bool { return r.Rank() >= o.Rank() }

// Worst returns the worst of the ratings; safe if there are none.
func Worst(risks ...Risk) Risk {
	w := Safe
	for _, r := range risks {
		if r.Rank() > w.Rank() {
			w = r
		}
	}
	return w
}

// Dimension is one of the five ways in which a command can be bad.
type Dimension string

// The five dimensions.
const (
	Damage      Dimension = "damage"
	Disclosure  Dimension = "disclosure"
	Control     Dimension = "control"
	Hiding      Dimension = "hiding"
	Uncertainty Dimension = "unknown"
)

// AllDimensions lists the dimensions in the order of the card.
var AllDimensions = []Dimension{Damage, Disclosure, Control, Hiding, Uncertainty}

// Of returns the rating of dimension d.
func (d Dimensions) Of(dim Dimension) Risk {
	switch dim {
	case Damage:
		return d.Damage
	case Disclosure:
		return d.Disclosure
	case Control:
		return d.Control
	case Hiding:
		return d.Hiding
	default:
		return d.Unknown
	}
}

// Raise lifts dimension dim to r if r is worse.
func (d *Dimensions) Raise(dim Dimension, r Risk) {
	p := &d.Unknown
	switch dim {
	case Damage:
		p = &d.Damage
	case Disclosure:
		p = &d.Disclosure
	case Control:
		p = &d.Control
	case Hiding:
		p = &d.Hiding
	}
	*p = Worst(*p, r)
}

// Worst is the highest of the five.
func (d Dimensions) Worst() Risk {
	return Worst(d.Damage, d.Disclosure, d.Control, d.Hiding, d.Unknown)
}

// Undo says whether what a command does can be taken back.
type Undo string

// The answers to "can it be undone?".
const (
	UndoYes     Undo = "yes"
	UndoPartly  Undo = "partly"
	UndoNo      Undo = "no"
	UndoUnknown Undo = "unknown"
)

// PartSource says where the meaning of a part comes from.
type PartSource string

// The sources of meanings.
const (
	FromLore    PartSource = "lore"
	FromManual  PartSource = "manual"
	FromHost    PartSource = "host"
	FromShell   PartSource = "shell"
	FromNowhere PartSource = "unknown"
)

// PartKind says what a word is to the program that it is given to.
type PartKind string

// The kinds of words.
const (
	PartProgram PartKind = "program" // the program's own name
	PartOption  PartKind = "option"
	PartOperand PartKind = "operand" // any other word, a subcommand too
)
