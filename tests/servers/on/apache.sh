# shellcheck shell=bash disable=SC2154
# apache2 and git-http-backend, behind basic authentication.
need apache2 setpriv

mkdir "$root/apache" "$root/apache/srv" "$root/apache/run"
user=www-data
serve "$root/apache/srv/repo.git" "$user"
as "$user" git --git-dir "$root/apache/srv/repo.git" config http.receivepack true
http_client carol
port=$(free_port)
modules=/usr/lib/apache2/modules
cat >"$root/apache/apache.conf" <<CONFIG
ServerName 127.0.0.1
ServerRoot $root/apache
DefaultRuntimeDir $root/apache/run
PidFile $root/apache/run/apache.pid
Listen 127.0.0.1:$port
User $user
Group $user
ErrorLog /dev/stderr
$(for module in mpm_event authz_core authn_core authn_file authz_user auth_basic cgid alias env; do
	echo "LoadModule ${module}_module $modules/mod_$module.so"
done)
ScriptSock $root/apache/run/cgid.sock
SetEnv GIT_PROJECT_ROOT $root/apache/srv
SetEnv GIT_HTTP_EXPORT_ALL
ScriptAlias / $git_exec/git-http-backend/
<Location />
	AuthType Basic
	AuthName git
	AuthUserFile $users_file
	Require valid-user
</Location>
CONFIG
start "$root/apache/apache.log" apache2 -DFOREGROUND -f "$root/apache/apache.conf"
listens "$port"
holds "http://127.0.0.1:$port/repo.git" "$root/apache/srv/repo.git" "$user" carol
rolls_out "http://127.0.0.1:$port/repo.git" "$root/apache/srv/repo.git" "$user" carol
