package judge

// shownTools are ways in which tools show secrets.
var shownTools = []tool{
	{
		kind: "secrets-out", programs: "docker podman nerdctl kubectl oc docker-compose podman-compose crictl lxc incus",
		words:    `^\S+ (.* )?(exec|rsh)( --?(e|u|w|c|n|env|user|workdir|container|namespace|index)\S* \S+| -\S+)* [^-\s]\S*( --?(c|n|container|namespace) \S+| -\S+)* (\S*/)?(env|printenv)(( -0| --null)| \S*(?i:passw|pwd|secret|token|key|credential|auth|dsn|_url)\S*)*$`,
		match:    []string{"docker exec app env", "kubectl exec pod -- printenv DB_PASSWORD", "docker compose exec web env"},
		notMatch: []string{"docker exec app env FOO=1 ls", "kubectl exec pod -- printenv PATH", "docker exec app ls env", "docker run --rm app env"},
	},
	{
		kind: "secrets-out", programs: "docker podman nerdctl crictl lxc incus kubectl oc",
		words:    `^\S+ (.* )?inspect .*\.Config\.Env|^\S+ (.* )?inspect .*(range|index|json) \.?(Config\.)?Env\b|^(kubectl|oc) (.* )?get (.* )?(-o|--output)[= ]?(jsonpath|go-template|custom-columns).*\.env\b`,
		match:    []string{"docker inspect --format '{{.Config.Env}}' app", "kubectl get pod x -o jsonpath='{.spec.containers[*].env}'"},
		notMatch: []string{"docker inspect --format '{{.State.Status}}' app", "kubectl get pods -o wide"},
	},
	{
		kind: "secrets-out", programs: "git",
		words:    `(?i)^git (.* )?log (.* )?(-p|--patch|-u) (.* )?-[SG] ?\S*(passw|passphrase|secret|api_?key|AKIA|private.key|credential)`,
		unless:   ` -- \S`,
		match:    []string{"git log -p -S password", "git log -p --all -G 'api_key'"},
		notMatch: []string{"git log -p -S parser", "git log -S password", "git log --grep password", "git log -p -S password -- config.yml"},
	},
	{
		kind: "secrets-out", programs: "yq jq gron dasel mlr",
		words:    `\b(load|load_str|load_xml|load_props|load_base64|import|include|input_filename)\s*\(?\s*["']\S*(/etc/g?shadow|/sudoers|/\.ssh/|id_(rsa|ed25519)|/\.aws/|/\.kube/|\.pem\b|\.env\b)`,
		match:    []string{`yq -n 'load_str("/etc/shadow")'`},
		notMatch: []string{`yq -n 'load("values.yaml")'`, "yq .load a.yaml"},
	},
}
