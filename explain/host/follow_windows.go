package host

// noFollow is no flag of this system; what a link leads to is checked after it
// was opened.
const noFollow = 0
