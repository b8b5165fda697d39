# shellcheck shell=bash disable=SC2154
# sshd and git-shell: the smallest server there is.
need sshd ssh ssh-keygen useradd userdel usermod setpriv

mkdir "$root/ssh"
user=igssh$$
shell=$(command -v git-shell || true)
make_user "$user" "${shell:-$git_exec/git-shell}"
ssh_client
mkdir "$root/ssh/home/.ssh"
cp "$ssh_key.pub" "$root/ssh/home/.ssh/authorized_keys"
chmod 600 "$root/ssh/home/.ssh/authorized_keys"
chown -R "$user:" "$root/ssh/home/.ssh"
serve "$root/ssh/home/repo.git" "$user"
start_sshd "$user"
holds "ssh://$user@127.0.0.1:$port$root/ssh/home/repo.git" "$root/ssh/home/repo.git" "$user" "$user"
rolls_out "ssh://$user@127.0.0.1:$port$root/ssh/home/repo.git" "$root/ssh/home/repo.git" "$user" "$user"
