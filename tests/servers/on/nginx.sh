# shellcheck shell=bash disable=SC2154
# nginx, fcgiwrap and git-http-backend, behind basic authentication.
need nginx spawn-fcgi fcgiwrap setpriv

mkdir "$root/nginx" "$root/nginx/temp" "$root/nginx/srv"
user=www-data
serve "$root/nginx/srv/repo.git" "$user"
as "$user" git --git-dir "$root/nginx/srv/repo.git" config http.receivepack true
http_client bob
chown "$user:" "$root/nginx/temp"
port=$(free_port)
socket=$root/nginx/fcgi
cat >"$root/nginx/nginx.conf" <<CONFIG
daemon off;
user $user;
worker_processes 1;
pid $root/nginx/nginx.pid;
error_log stderr;
events {}
http {
	access_log off;
	client_max_body_size 0;
	client_body_temp_path $root/nginx/temp/body;
	proxy_temp_path $root/nginx/temp/proxy;
	fastcgi_temp_path $root/nginx/temp/fastcgi;
	uwsgi_temp_path $root/nginx/temp/uwsgi;
	scgi_temp_path $root/nginx/temp/scgi;
	server {
		listen 127.0.0.1:$port;
		auth_basic git;
		auth_basic_user_file $users_file;
		location / {
			fastcgi_pass unix:$socket;
			fastcgi_param SCRIPT_FILENAME $git_exec/git-http-backend;
			fastcgi_param GIT_PROJECT_ROOT $root/nginx/srv;
			fastcgi_param GIT_HTTP_EXPORT_ALL "";
			fastcgi_param PATH_INFO \$uri;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param CONTENT_TYPE \$content_type;
			fastcgi_param CONTENT_LENGTH \$content_length;
			fastcgi_param REMOTE_ADDR \$remote_addr;
			fastcgi_param REMOTE_USER \$remote_user;
		}
	}
}
CONFIG
start "$root/nginx/fcgiwrap.log" spawn-fcgi -n -s "$socket" -u "$user" -g "$user" -U "$user" -- "$(command -v fcgiwrap)"
start "$root/nginx/nginx.log" nginx -e stderr -p "$root/nginx" -c "$root/nginx/nginx.conf"
listens "$port"
holds "http://127.0.0.1:$port/repo.git" "$root/nginx/srv/repo.git" "$user" bob
rolls_out "http://127.0.0.1:$port/repo.git" "$root/nginx/srv/repo.git" "$user" bob
