package recipe

import (
	"regexp"
	"sync"

	"escort/explain/effect"
	"escort/explain/regex"
)

// sqlRule says what a kind of statement does. Group o is the object.
type sqlRule struct {
	find *regexp.Regexp
	step Step
}

func sqlDoes(find, verb string, role effect.Role, dim effect.Dimension, risk effect.Risk, say string) sqlRule {
	return sqlRule{find: regexp.MustCompile(find), step: Step{Verb: verb, Role: role, Dimension: dim, Risk: risk, Say: say}}
}

func (r sqlRule) as(id, technique string) sqlRule {
	r.step.ID, r.step.Technique = id, technique
	return r
}

// account also takes a name that stands in quotes.
const account = "(?P<o>''|[\\w.\"`$\\[\\]]+)"

const name = "(?P<o>[\\w.\"`$\\[\\]]+)"

// sqlMain: the first that fits says what the statement is.
var sqlMain = sync.OnceValue(func() []sqlRule {
	return []sqlRule{
		sqlDoes(`^drop (keyspace|measurement|series|retention policy|bucket)( if exists)?( from| on)? `+name, "erase", effect.RoleDatabase, effect.Damage, effect.Critical, "sql.deletes-with-all-its-data").as("data-destroyed", "T1485"),
		sqlDoes(`^drop (database|schema|tablespace|owned)( if exists)?( by)? `+name, "erase", effect.RoleDatabase, effect.Damage, effect.Critical, "sql.deletes-the-whole-database").as("data-destroyed", "T1485"),
		sqlDoes(`^drop (temporary )?(foreign )?table( if exists)? `+name, "erase", effect.RoleTable, effect.Damage, effect.Critical, "sql.deletes-the-table-with-all").as("data-destroyed", "T1485"),
		sqlDoes(`^truncate( table)?( only)? `+name, "erase", effect.RoleTable, effect.Damage, effect.Critical, "sql.deletes-all-rows-of-the").as("data-destroyed", "T1485"),
		sqlDoes(`^drop (user|role|login)( if exists)? `+account, "delete", effect.RoleUser, effect.Control, effect.High, "sql.deletes-the-database-account"),
		sqlDoes(`^drop index( concurrently)?( if exists)? `+name, "remove", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.removes-the-index-of-the"),
		sqlDoes(`^drop (materialized view|view|[a-z ]+?)( if exists)? `+name+`(\(.*)?( on .*)?( cascade)?$`, "remove", effect.RoleDatabase, effect.Damage, effect.High, "sql.removes-a-part-of-the"),
		sqlDoes(`^alter (table|database)( if exists)?( only)? `+name+` .*drop\b`, "remove", effect.RoleTable, effect.Damage, effect.High, "sql.removes-a-part-of-the-table"),
		sqlDoes(`^alter default privileges .*\bgrant .* to `+account, "grant", effect.RoleUser, effect.Control, effect.High, "sql.gives-rights-to-all-that").as("database-rights", "T1098"),
		sqlDoes(`^(update|insert into|delete from|replace into) (mysql\.(user|db|global_priv|tables_priv|roles_mapping)|pg_authid|pg_catalog\.pg_authid|system_auth\.\w+|"?_users"?)\b`, "change", effect.RoleUser, effect.Control, effect.High, "sql.changes-the-accounts-of-the").as("database-rights", "T1098"),
		sqlDoes(`^alter database `+name+` set (offline|single_user|restricted_user|read_only|emergency)`, "disable", effect.RoleDatabase, effect.Damage, effect.High, "sql.keeps-others-out-of-the"),
		sqlDoes(`^grant .* to `+account, "grant", effect.RoleUser, effect.Control, effect.High, "sql.gives-rights-in-the-database").as("database-rights", "T1098"),
		sqlDoes(`^(create|alter) (user|role)( if (?:not )?exists)? `+account+`( .*)? superuser\b`, "grant", effect.RoleUser, effect.Control, effect.High, "sql.gives-all-power").as("database-rights", "T1098"),
		sqlDoes(`^(create|alter) (user|role|login)( if (?:not )?exists)? `+account, "grant", effect.RoleUser, effect.Control, effect.High, "sql.makes-or-changes-the-database").as("database-rights", "T1136"),
		sqlDoes(`^set password|^reassign owned`, "grant", effect.RoleUser, effect.Control, effect.High, "sql.changes-who-may-do-what").as("database-rights", "T1098"),
		sqlDoes(`^revoke .* from `+account, "revoke", effect.RoleUser, effect.Control, effect.Caution, "sql.takes-rights-in-the-database"),
		sqlDoes(`^alter table `+name+`( on cluster \S+)? delete where always$`, "erase", effect.RoleTable, effect.Damage, effect.Critical, "sql.deletes-all-rows-of-the").as("data-destroyed", "T1485"),
		sqlDoes(`^alter table `+name+`( on cluster \S+)? delete where `, "delete", effect.RoleTable, effect.Damage, effect.High, "sql.deletes-rows-of-the-table"),
		sqlDoes(`^alter table `+name+`( on cluster \S+)? update .* where `, "change", effect.RoleTable, effect.Damage, effect.High, "sql.changes-rows-of-the-table"),
		sqlDoes(`^alter system (set|reset)\b`, "change", effect.RoleSetting, effect.Control, effect.High, "sql.changes-a-setting-of-the"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name+`.* where always$`, "delete", effect.RoleTable, effect.Damage, effect.Critical, "sql.deletes-all-rows-of-the").as("data-destroyed", "T1485"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name+`.* where `, "delete", effect.RoleTable, effect.Damage, effect.Caution, "sql.deletes-some-rows-of-the"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name+`.* limit \d`, "delete", effect.RoleTable, effect.Damage, effect.High, "sql.deletes-rows-of-the-table-whichever"),
		sqlDoes(`^(with .*\) )?delete (from )?(only )?`+name, "delete", effect.RoleTable, effect.Damage, effect.Critical, "sql.deletes-all-rows-of-the").as("data-destroyed", "T1485"),
		sqlDoes(`^(with .*\) )?update (only )?`+name+` .*\bwhere always$`, "change", effect.RoleTable, effect.Damage, effect.High, "sql.changes-all-rows-of-the"),
		sqlDoes(`^(with .*\) )?update (only )?`+name+` .*\bwhere `, "change", effect.RoleTable, effect.Damage, effect.Caution, "sql.changes-some-rows-of-the"),
		sqlDoes(`^(with .*\) )?update (only )?`+name+` .*\bset `, "change", effect.RoleTable, effect.Damage, effect.High, "sql.changes-all-rows-of-the"),
		sqlDoes(`^(with .*\) )?(insert|replace)( ignore| low_priority| or \w+)*( into)? `+name, "change", effect.RoleTable, effect.Damage, effect.Caution, "sql.adds-rows-to-the-table"),
		sqlDoes(`^merge( into)? `+name, "change", effect.RoleTable, effect.Damage, effect.Caution, "sql.changes-rows-of-the-table"),
		sqlDoes(`^create extension( if not exists)? (?P<o>plpython3?u|plperlu|pltclu|plsh|file_fdw|dblink|adminpack|pg_cron)\b`, "load", effect.RoleDatabase, effect.Control, effect.High, "sql.adds-to-the-database-which"),
		sqlDoes(`^(install|force install) `+name, "install", effect.RoleDatabase, effect.Control, effect.Caution, "sql.installs-code-for-the-database"),
		sqlDoes(`^load `+name+`$`, "load", effect.RoleDatabase, effect.Control, effect.Caution, "sql.loads-code-into-the-database2"),
		sqlDoes(`^create (or replace )?(definer ?= ?\S+ )?(function|procedure|trigger|event|rule|extension)( if not exists)? `+name, "create", effect.RoleDatabase, effect.Control, effect.Caution, "sql.adds-code-to-the-database"),
		sqlDoes(`^create [a-z ]*?(table|view|index|database|schema|sequence|type)( concurrently)?( if not exists)? `+name, "create", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.makes-in-the-database"),
		sqlDoes(`^alter [a-z ]+?( if exists)?( only)? `+name, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.changes-the-plan-of-in"),
		sqlDoes(`^(kill|select pg_(terminate|cancel)_backend)\b`, "kill", effect.RoleSession, effect.Damage, effect.Caution, "sql.ends-somebody-s-work-in"),
		sqlDoes(`^(stop|start|reset) (slave|replica|group_replication|all slaves)|^change (master|replication source) to`, "change", effect.RoleDatabase, effect.Damage, effect.High, "sql.changes-how-the-database-is"),
		sqlDoes(`^system (shutdown|kill)\b`, "shutdown", effect.RoleService, effect.Damage, effect.High, "sql.stops-the-database"),
		sqlDoes(`^system (drop|restart|sync|restore) replica|^system drop`, "change", effect.RoleDatabase, effect.Damage, effect.High, "sql.changes-how-the-database-keeps"),
		sqlDoes(`^system (reload|flush|stop|start|sync|restart|enable|disable|wait|refresh|unload)\b`, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.steers-the-database"),
		sqlDoes(`^backup (database|log|certificate|table) `+name, "copy", effect.RoleDatabase, effect.Disclosure, effect.Caution, "sql.makes-a-backup-of"),
		sqlDoes(`^restore (database|log|table) `+name, "restore", effect.RoleDatabase, effect.Damage, effect.High, "sql.puts-back-an-older-state"),
		sqlDoes(`^(shutdown|restart)\b`, "shutdown", effect.RoleService, effect.Damage, effect.High, "sql.stops-the-database"),
		sqlDoes(`^(purge (binary|master) logs|reset (master|binary))`, "clear", effect.RoleLog, effect.Hiding, effect.High, "sql.deletes-the-database-s-record").as("log-tampering", "T1070"),
		sqlDoes(`^set (global |persist |@@global\.)+(general_log_file|slow_query_log_file|log_error|secure_file_priv)\b`, "change", effect.RoleSetting, effect.Control, effect.Critical, "sql.changes-which-file-the-database").as("database-file", "T1505.003"),
		sqlDoes(`^set (global )?(persist )?.*(general_log|slow_query_log|sql_log_bin|log_statement|log_connections|audit\w*) ?(=|to) ?('?'?|0|off|none)$`, "disable", effect.RoleLog, effect.Hiding, effect.High, "sql.switches-off-what-the-database").as("log-off", "T1562.002"),
		sqlDoes(`^set (global |persist |@@global\.)`, "change", effect.RoleSetting, effect.Damage, effect.Caution, "sql.changes-a-setting-of-the-running"),
		sqlDoes(`^copy `+name+`( ?\([^)]*\))? from\b`, "import", effect.RoleTable, effect.Damage, effect.Caution, "sql.takes-rows-into-the-table"),
		sqlDoes(`^copy (\(.*|`+name+`.*)to\b`, "copy", effect.RoleTable, effect.Disclosure, effect.Caution, "sql.writes-out-the-table"),
		sqlDoes(`^load data.* into table `+name, "import", effect.RoleTable, effect.Damage, effect.Caution, "sql.takes-rows-from-a-file"),
		sqlDoes(`^bulk insert `+name, "import", effect.RoleTable, effect.Damage, effect.Caution, "sql.takes-rows-from-a-file"),
		sqlDoes(`^(exec|execute) (sp_add\w*member|sp_addlogin|sp_adduser|sp_grant\w*|sp_password|sp_change\w*login)\b`, "grant", effect.RoleUser, effect.Control, effect.High, "sql.gives-rights-in-the-database2").as("database-rights", "T1098"),
		sqlDoes(`^(exec|execute) (sp_help\w*|sp_who2?|sp_columns|sp_tables|sp_databases|sp_spaceused|sp_lock|sp_helptext)\b`, "query", effect.RoleDatabase, effect.Disclosure, effect.Low, "sql.asks-the-database"),
		sqlDoes(`^(exec|execute) sp_configure\b`, "change", effect.RoleSetting, effect.Control, effect.High, "sql.changes-a-setting-of-the"),
		sqlDoes(`^(do|prepare|execute immediate)\b`, "execute", effect.RoleDatabase, effect.Control, effect.Caution, "sql.runs-code-that-is-given"),
		sqlDoes(`^(call|exec|execute) `+name, "execute", effect.RoleDatabase, effect.Control, effect.Caution, "sql.runs-code-that-is-kept"),
		sqlDoes(`^vacuum( full| freeze| verbose| analyze|\([^)]*\))*\s*;?$`, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.tidies"),
		sqlDoes(`^(vacuum|analyze|reindex|optimize|repair|refresh|cluster|checkpoint|lock|rename|check|checksum|compact)( full| freeze| verbose| analyze|\([^)]*\)| no_write_to_binlog| local| table| tables| materialized view| index| database| schema| concurrently)* `+name, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.looks-after-in-the-database"),
		sqlDoes(`^flush tables with read lock`, "lock", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.keeps-everybody-from-changing-the"),
		sqlDoes(`^(vacuum|analyze|reindex|optimize|repair|refresh|cluster|checkpoint|flush|comment|lock|unlock|rename|attach|detach|import|dbcc|reconfigure|reload|kill query|compact)\b`, "change", effect.RoleDatabase, effect.Damage, effect.Caution, "sql.looks-after-the-database"),
		sqlDoes(`^(use|begin|start transaction|commit|rollback|savepoint|release|end|abort|go|declare|print)\b`, "query", effect.RoleDatabase, effect.Damage, effect.Safe, "sql.sets-how-the-database-works"),
		sqlDoes(`^(set|use|begin|start|commit|rollback|savepoint|release|end|declare|go|discard|pragma|reset|deallocate|listen|unlisten|notify|abort|consistency|tracing|paging|expand|waitfor|print|if|fetch|close|open|move|checkpoint)\b`, "query", effect.RoleDatabase, effect.Damage, effect.Low, "sql.sets-how-the-database-works"),
		sqlDoes(`^select .*\binto (?:temp |temporary |table )*`+name+` from`, "create", effect.RoleTable, effect.Damage, effect.Caution, "sql.makes-the-table"),
		sqlDoes(`^(select|with) (.*?)\bfrom (?P<o>(url|s3|remote|remotesecure|mysql|postgresql|mongodb|jdbc|odbc|hdfs|gcs|azureblobstorage|dblink|openrowset|openquery|opendatasource|iceberg|deltalake)) ?\(`, "query", effect.RoleDatabase, effect.Disclosure, effect.Caution, "sql.has-the-database-ask-another"),
		sqlDoes(`^select (.*\b)?pg_(reload_conf|rotate_logfile|switch_wal|promote|create_restore_point)\b`, "change", effect.RoleSetting, effect.Damage, effect.Caution, "sql.steers-the-database-server-reads"),
		sqlDoes(`^select (.*\b)?(benchmark|sleep|pg_sleep) ?\(`, "wait", effect.RoleDatabase, effect.Damage, effect.Low, "sql.keeps-the-database-busy-for"),
		sqlDoes(`^(from|select .* from) ''`, "query", effect.RoleTable, effect.Disclosure, effect.Low, "sql.shows-rows-of-the-file"),
		sqlDoes(`^(select|with|table|values|\()(.*?)\bfrom (only )?`+name, "query", effect.RoleTable, effect.Disclosure, effect.Low, "sql.shows-rows-of-the-table"),
		sqlDoes(`^(select|with|table|values|show|describe|desc|explain|help|status|summarize|exists|summary|\?|version|ping)\b`, "query", effect.RoleDatabase, effect.Disclosure, effect.Low, "sql.asks-the-database"),
	}
})

// sqlAlso: all that fit add a concern.
var sqlAlso = sync.OnceValue(func() []sqlRule {
	return []sqlRule{
		sqlDoes(`\b(to|from) program\b|\bsys_(exec|eval)\b|\bxp_cmdshell\b|\bload_extension ?\(|\blanguage '?'?(c|plpython3?u|plperlu|plsh|plpythonu)\b|\bsoname\b|\bdbms_scheduler\b|\bsp_oacreate\b|\bopenrowset ?\( ?''.*cmd|\bxp_dirtree\b|\bsp_execute_external_script\b|\bedit ?\(`, "execute", effect.RoleCommand, effect.Control, effect.Critical, "sql.has-the-database-start-a").as("database-starts-program", "T1059"),
		sqlDoes(`\binto (outfile|dumpfile)\b|\bload_file ?\(|^load data (?:low_priority |concurrent )?infile|\bpg_(read_(binary_)?file|ls_dir)\b|\blo_(import|export)\b|^copy .*\b(to|from) ''(?:$| |\()|\butl_file\b|\b(read|write)file ?\(|\bxp_(reg\w+|fileexist)\b|\bread_(csv|text|blob)\w* ?\( ?''|\bopenrowset ?\( ?bulk|^bulk insert`, "read", effect.RolePath, effect.Disclosure, effect.High, "sql.has-the-database-read-or").as("database-file", "T1005"),
		sqlDoes(`^(select|with|copy|table)\b.*(mysql\.user|pg_shadow|pg_authid|system_auth\.roles|salted_hash|sys\.user\$|authentication_string|rolpassword|\bpassw(or)?d(_hash)?\b|pg_user_mapping|credit_?card|card_?numbers?|\bcvv\b|\bssn\b|api_?keys?|\bsecrets?\b|(auth|access|refresh)_tokens?)`, "expose", effect.RoleSecret, effect.Disclosure, effect.High, "sql.shows-passwords-or-other-secrets").as("secrets-read", "T1003"),
		sqlDoes(`identified (by|with)|\bpassword ''`, "change", effect.RoleSecret, effect.Control, effect.High, "sql.sets-a-password-in-the").as("database-rights", "T1098"),
	}
})

// sqlText also looks into the texts of a statement.
var sqlText = sync.OnceValue(func() []sqlRule {
	return []sqlRule{
		sqlDoes(`\bsp_configure\b.*\b(xp_cmdshell|ole automation|clr enabled|external scripts)`, "enable", effect.RoleCommand, effect.Control, effect.Critical, "sql.lets-the-database-start-programs").as("database-starts-program", "T1059"),
		sqlDoes(`\bsp_addsrvrolemember\b.*\b(sysadmin|securityadmin|serveradmin)\b|alter server role (sysadmin|securityadmin|serveradmin) add member`, "grant", effect.RoleUser, effect.Control, effect.Critical, "sql.makes-the-administrator-of-the").as("database-rights", "T1098"),
		sqlDoes(`^alter system set \w*(log_statement|log_connections|log_min_\w+|logging_collector)\w* ?(=|to) ?.*\b(none|off|panic|0)\b`, "disable", effect.RoleLog, effect.Hiding, effect.High, "sql.switches-off-the-record-of").as("log-off", "T1562.002"),
		sqlDoes(`^alter system set (shared_preload_libraries|archive_command|restore_command|ssl_passphrase_command|session_preload_libraries|local_preload_libraries)\b`, "load", effect.RoleCommand, effect.Control, effect.Critical, "sql.has-the-database-load-code").as("database-starts-program", "T1059"),
		sqlDoes(`\bdblink(_exec|_connect)?\b.*(delete|drop|update|insert|truncate|create|alter|grant)`, "change", effect.RoleDatabase, effect.Damage, effect.High, "sql.changes-another-database-by-way"),
	}
})

var (
	bulk   = regex.New(`\b(where|limit|top|fetch|count ?\(|sum ?\(|avg ?\(|min ?\(|max ?\(|group by|exists)\b|\b(count|sum|avg|min|max) ?\(`)
	counts = regex.New(`^select (distinct )?(count|sum|avg|min|max) ?\(`)
	people = regex.New(`\b(users?|customers?|accounts?|people|persons?|patients?|employees?|members?|payments?|orders?|invoices?|salar(y|ies)|emails?|contacts?|cards?|sessions?)\b`)
)
