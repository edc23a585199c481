package prose

import "escort/explain/effect"

type undoRow struct {
	undo effect.Undo
	text string
}

// undoRows says, for each verb that changes something, whether it can be
// taken back. Verbs that are not here only look.
var undoRows = map[string]undoRow{
	"delete":    {effect.UndoNo, "Only a backup brings it back."},
	"remove":    {effect.UndoPartly, "It can be put back if it is still known what it was."},
	"clear":     {effect.UndoNo, "Only a backup brings the content back."},
	"discard":   {effect.UndoNo, "What is thrown away is gone."},
	"erase":     {effect.UndoNo, "Only a backup brings it back."},
	"wipe":      {effect.UndoNo, "Only a backup brings it back."},
	"format":    {effect.UndoNo, "Only a backup brings the content back."},
	"overwrite": {effect.UndoNo, "What is written over can only come back from a backup."},
	"replace":   {effect.UndoPartly, "What was there before can only come back from a backup."},
	"write":     {effect.UndoPartly, "The old content is only there if somebody kept a copy."},
	"create":    {effect.UndoYes, "What it makes can be deleted again."},
	"copy":      {effect.UndoPartly, "The copy can be deleted; a file that it replaces is lost."},
	"move":      {effect.UndoYes, "It can be moved back."},
	"rename":    {effect.UndoYes, "It can be named back."},
	"link":      {effect.UndoYes, "The link can be deleted again."},
	"change":    {effect.UndoPartly, "The old values must be known to put them back."},
	"edit":      {effect.UndoPartly, "The old text is only there if somebody kept a copy."},
	"update":    {effect.UndoPartly, "Going back to the old version takes work."},
	"upgrade":   {effect.UndoPartly, "Going back to the old version takes work."},
	"install":   {effect.UndoYes, "It can be removed again."},
	"start":     {effect.UndoYes, "It can be stopped again."},
	"stop":      {effect.UndoYes, "It can be started again."},
	"restart":   {effect.UndoPartly, "It comes back by itself; what was going on in it is lost."},
	"reload":    {effect.UndoYes, "The old settings can be loaded again."},
	"enable":    {effect.UndoYes, "It can be switched off again."},
	"disable":   {effect.UndoYes, "It can be switched on again."},
	"kill":      {effect.UndoNo, "What the process was doing is lost; it may be started again."},
	"signal":    {effect.UndoUnknown, "That depends on what the process makes of it."},
	"reboot":    {effect.UndoNo, "The machine comes back; what was running is lost."},
	"shutdown":  {effect.UndoNo, "Somebody must switch the machine on again."},
	"permit":    {effect.UndoPartly, "The old permissions must be known to put them back."},
	"grant":     {effect.UndoPartly, "Access can be taken back, not what was done with it."},
	"revoke":    {effect.UndoYes, "Access can be given again."},
	"plant":     {effect.UndoPartly, "It can be removed, not what was done with it."},
	"expose":    {effect.UndoNo, "What was seen stays seen."},
	"send":      {effect.UndoNo, "What was sent cannot be called back."},
	"upload":    {effect.UndoNo, "What was sent cannot be called back."},
	"publish":   {effect.UndoNo, "What was published may have been copied."},
	"share":     {effect.UndoNo, "What was seen stays seen."},
	"download":  {effect.UndoYes, "The file can be deleted again."},
	"execute":   {effect.UndoUnknown, "That depends on what it does."},
	"mount":     {effect.UndoYes, "It can be detached again."},
	"unmount":   {effect.UndoYes, "It can be attached again."},
	"schedule":  {effect.UndoYes, "It can be taken off the schedule again."},
	"listen":    {effect.UndoYes, "It ends when the program is stopped."},
	"commit":    {effect.UndoYes, "It can be taken back while nobody else has it."},
	"reset":     {effect.UndoNo, "What it throws away is gone."},
	"rewrite":   {effect.UndoNo, "The old state is lost for others."},
	"restore":   {effect.UndoNo, "What was there before is replaced."},
	"import":    {effect.UndoPartly, "What it replaces is lost."},
	"encrypt":   {effect.UndoPartly, "Only with the key."},
	"build":     {effect.UndoYes, "What it makes can be deleted again."},
	"extract":   {effect.UndoPartly, "Files that it replaces are lost."},
	"compress":  {effect.UndoYes, "It can be unpacked again."},
	"disguise":  {effect.UndoNo, "The true state is lost."},
	"hide":      {effect.UndoPartly, "What was not recorded stays unknown."},
	"load":      {effect.UndoPartly, "It can be taken out again, not what it did."},
	"lock":      {effect.UndoYes, "It can be unlocked again."},
	"unlock":    {effect.UndoYes, "It can be locked again."},
	"switch":    {effect.UndoYes, "It can be switched back."},
	"repair":    {effect.UndoNo, "What a repair changes cannot be put back."},
	"record":    {effect.UndoYes, "The record can be deleted again."},
}

// Undo says whether an effect can be taken back, by its verb.
func Undo(verb string, role effect.Role) (effect.Undo, string) {
	row, ok := undoRows[verb]
	if !ok {
		return effect.UndoYes, "Nothing is changed."
	}
	return row.undo, row.text
}

// DatabaseUndo is said of files whose loss stops a service for good.
const DatabaseUndo = "Only a backup brings them back."
