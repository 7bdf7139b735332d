/** Answers of real programs: agnhost 2.63.0, CoreDNS 1.14.2, HAProxy 2.6.12 and curl of Debian 12. */
export type RecordedAnswer = Readonly<Record<string, string>>;

/** A recorded answer as the script prints it, with some sections replaced. */
export function encodeAnswer(recorded: RecordedAnswer, changed: RecordedAnswer = {}): string {
  return JSON.stringify(Object.fromEntries(Object.entries({ ...recorded, ...changed }).map(([name, text]) => [name, Buffer.from(text).toString('base64')])));
}

/** Two nodes that reach everything; a third one whose probe pod is not ready, and a CoreDNS pod that is not. */
export const insideWell: RecordedAnswer = {
  create: ['ok', 'namespace/kubewright-verify created', ''].join('\n'),
  'create.exit': '0\n',
  'create.error': '',
  rollout: 'ok\n',
  'rollout.exit': '0\n',
  'rollout.error': '',
  probes: ['cp-1|probe-aaaa1|10.77.0.11|True', 'w-1|probe-aaaa2|10.77.0.12|True', 'w-2|probe-aaaa3||False', ''].join('\n'),
  'probes.exit': '0\n',
  'probes.error': '',
  dnspods: ['cp-1|coredns-a|10.77.0.11|True', 'w-1|coredns-b|10.77.0.12|True', 'cp-1|coredns-c||', ''].join('\n'),
  'dnspods.exit': '0\n',
  'dnspods.error': '',
  service: '10.77.0.1',
  'service.exit': '0\n',
  'service.error': '',
  asked: [
    'cp-1|name|0|eyJyZXNwb25zZXMiOlsiQ2xpZW50IHNlbnQgYW4gSFRUUCByZXF1ZXN0IHRvIGFuIEhUVFBTIHNlcnZlci5cbiJdfQ==',
    'cp-1|service|0|eyJyZXNwb25zZXMiOlsiQ2xpZW50IHNlbnQgYW4gSFRUUCByZXF1ZXN0IHRvIGFuIEhUVFBTIHNlcnZlci5cbiJdfQ==',
    'cp-1|dns coredns-a cp-1|0|eyJyZXNwb25zZXMiOlsia3dcdWZmZmRcdTAwMDBcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcbmt1YmVybmV0ZXNcdTAwMDdkZWZhdWx0XHUwMDAzc3ZjXHUwMDA3Y2x1c3Rlclx1MDAwNWxvY2FsXHUwMDAwXHUwMDAwXHUwMDAxXHUwMDAwXHUwMDAxXG5rdWJlcm5ldGVzXHUwMDA3ZGVmYXVsdFx1MDAwM3N2Y1x1MDAwN2NsdXN0ZXJcdTAwMDVsb2NhbFx1MDAwMFx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMFx1MDAwZVx1MDAxMFx1MDAwMFx1MDAwNFxuTVx1MDAwMFx1MDAwMSJdfQ==',
    'cp-1|dns coredns-b w-1|0|eyJyZXNwb25zZXMiOlsia3dcdWZmZmRcdTAwMDBcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcbmt1YmVybmV0ZXNcdTAwMDdkZWZhdWx0XHUwMDAzc3ZjXHUwMDA3Y2x1c3Rlclx1MDAwNWxvY2FsXHUwMDAwXHUwMDAwXHUwMDAxXHUwMDAwXHUwMDAxXG5rdWJlcm5ldGVzXHUwMDA3ZGVmYXVsdFx1MDAwM3N2Y1x1MDAwN2NsdXN0ZXJcdTAwMDVsb2NhbFx1MDAwMFx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMFx1MDAwZVx1MDAxMFx1MDAwMFx1MDAwNFxuTVx1MDAwMFx1MDAwMSJdfQ==',
    'cp-1|peer w-1|0|eyJyZXNwb25zZXMiOlsicHJvYmUtYWFhYTIiXX0=',
    'w-1|name|0|eyJyZXNwb25zZXMiOlsiQ2xpZW50IHNlbnQgYW4gSFRUUCByZXF1ZXN0IHRvIGFuIEhUVFBTIHNlcnZlci5cbiJdfQ==',
    'w-1|service|0|eyJyZXNwb25zZXMiOlsiQ2xpZW50IHNlbnQgYW4gSFRUUCByZXF1ZXN0IHRvIGFuIEhUVFBTIHNlcnZlci5cbiJdfQ==',
    'w-1|dns coredns-a cp-1|0|eyJyZXNwb25zZXMiOlsia3dcdWZmZmRcdTAwMDBcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcbmt1YmVybmV0ZXNcdTAwMDdkZWZhdWx0XHUwMDAzc3ZjXHUwMDA3Y2x1c3Rlclx1MDAwNWxvY2FsXHUwMDAwXHUwMDAwXHUwMDAxXHUwMDAwXHUwMDAxXG5rdWJlcm5ldGVzXHUwMDA3ZGVmYXVsdFx1MDAwM3N2Y1x1MDAwN2NsdXN0ZXJcdTAwMDVsb2NhbFx1MDAwMFx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMFx1MDAwZVx1MDAxMFx1MDAwMFx1MDAwNFxuTVx1MDAwMFx1MDAwMSJdfQ==',
    'w-1|dns coredns-b w-1|0|eyJyZXNwb25zZXMiOlsia3dcdWZmZmRcdTAwMDBcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcbmt1YmVybmV0ZXNcdTAwMDdkZWZhdWx0XHUwMDAzc3ZjXHUwMDA3Y2x1c3Rlclx1MDAwNWxvY2FsXHUwMDAwXHUwMDAwXHUwMDAxXHUwMDAwXHUwMDAxXG5rdWJlcm5ldGVzXHUwMDA3ZGVmYXVsdFx1MDAwM3N2Y1x1MDAwN2NsdXN0ZXJcdTAwMDVsb2NhbFx1MDAwMFx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMFx1MDAwZVx1MDAxMFx1MDAwMFx1MDAwNFxuTVx1MDAwMFx1MDAwMSJdfQ==',
    'w-1|peer cp-1|0|eyJyZXNwb25zZXMiOlsicHJvYmUtYWFhYTEiXX0=',
    '',
  ].join('\n'),
  'asked.exit': '0\n',
  'asked.error': '',
  top: ['cp-1   101m   5%   1022Mi   4%', 'w-1    33m    1%   700Mi    2%', 'w-2   <unknown>   <unknown>   <unknown>   <unknown>', ''].join('\n'),
  'top.exit': '0\n',
  'top.error': '',
};

/** The pod of `cp-1` could not be spoken to; CoreDNS on `w-1`, to which its resolver points, is dead. */
export const insideBroken: RecordedAnswer = {
  create: ['ok', 'namespace/kubewright-verify created', ''].join('\n'),
  'create.exit': '0\n',
  'create.error': '',
  rollout: 'ok\n',
  'rollout.exit': '0\n',
  'rollout.error': '',
  probes: ['cp-1|probe-aaaa1|10.77.0.11|True', 'w-1|probe-aaaa2|10.77.0.12|True', 'w-2|probe-aaaa3||False', ''].join('\n'),
  'probes.exit': '0\n',
  'probes.error': '',
  dnspods: ['cp-1|coredns-a|10.77.0.11|True', 'w-1|coredns-b|10.77.0.12|True', 'cp-1|coredns-c||', ''].join('\n'),
  'dnspods.exit': '0\n',
  'dnspods.error': '',
  service: '10.77.0.1',
  'service.exit': '0\n',
  'service.error': '',
  asked: [
    'cp-1|forward|1|ZXJyb3I6IHVuYWJsZSB0byBmb3J3YXJkIHBvcnQgYmVjYXVzZSBwb2QgaXMgbm90IHJ1bm5pbmcuIEN1cnJlbnQgc3RhdHVzPVBlbmRpbmcK',
    'w-1|name|0|aG9zdCBhbmQvb3IgcG9ydCBwYXJhbSBhcmUgaW52YWxpZC4gbG9va3VwIGt1YmVybmV0ZXMuZGVmYXVsdC5zdmMuY2x1c3Rlci5sb2NhbCBvbiAxMC43Ny4wLjEyOjUzOiByZWFkIHVkcCAxMC43Ny4wLjEyOjUxNTM4LT4xMC43Ny4wLjEyOjUzOiByZWFkOiBjb25uZWN0aW9uIHJlZnVzZWQ=',
    'w-1|service|0|eyJyZXNwb25zZXMiOlsiQ2xpZW50IHNlbnQgYW4gSFRUUCByZXF1ZXN0IHRvIGFuIEhUVFBTIHNlcnZlci5cbiJdfQ==',
    'w-1|dns coredns-a cp-1|0|eyJyZXNwb25zZXMiOlsia3dcdWZmZmRcdTAwMDBcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDFcdTAwMDBcdTAwMDBcdTAwMDBcdTAwMDBcbmt1YmVybmV0ZXNcdTAwMDdkZWZhdWx0XHUwMDAzc3ZjXHUwMDA3Y2x1c3Rlclx1MDAwNWxvY2FsXHUwMDAwXHUwMDAwXHUwMDAxXHUwMDAwXHUwMDAxXG5rdWJlcm5ldGVzXHUwMDA3ZGVmYXVsdFx1MDAwM3N2Y1x1MDAwN2NsdXN0ZXJcdTAwMDVsb2NhbFx1MDAwMFx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMVx1MDAwMFx1MDAwMFx1MDAwZVx1MDAxMFx1MDAwMFx1MDAwNFxuTVx1MDAwMFx1MDAwMSJdfQ==',
    'w-1|dns coredns-b w-1|0|eyJlcnJvcnMiOlsicmVhZGluZyBmcm9tIHVkcCBjb25uZWN0aW9uIGZhaWxlZC4gZXJyOidyZWFkIHVkcCAxMC43Ny4wLjEyOjQ2MTA5LVx1MDAzZTEwLjc3LjAuMTI6NTM6IHJlYWQ6IGNvbm5lY3Rpb24gcmVmdXNlZCciXX0=',
    'w-1|peer cp-1|0|eyJyZXNwb25zZXMiOlsicHJvYmUtYWFhYTEiXX0=',
    '',
  ].join('\n'),
  'asked.exit': '0\n',
  'asked.error': '',
  top: ['cp-1   101m   5%   1022Mi   4%', 'w-1    33m    1%   700Mi    2%', 'w-2   <unknown>   <unknown>   <unknown>   <unknown>', ''].join('\n'),
  'top.exit': '0\n',
  'top.error': '',
};

/** `cp-1` well, `cp-2` with a failing check, `cp-3` without an API server. */
export const reachRecorded: RecordedAnswer = {
  'api.cp-1': 'ok\n200',
  'api.cp-1.exit': '0\n',
  'api.cp-1.error': '',
  'api.cp-2': '[-]etcd failed\n500',
  'api.cp-2.exit': '0\n',
  'api.cp-2.error': '',
  'api.cp-3': '\n000',
  'api.cp-3.exit': '7\n',
  'api.cp-3.error': "curl: (7) Failed to connect to api.demo.kubewright.internal port 6443 after 0 ms: Couldn't connect to server\n",
  proxy: [
    '# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,reuse,cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,uweight,agg_server_status,agg_server_check_status,agg_check_status,-,ssl_sess,ssl_reused_sess,ssl_failed_handshake,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,h2_goaway_rcvd,h2_detected_conn_protocol_errors,h2_detected_strm_protocol_errors,h2_rst_stream_resp,h2_goaway_resp,h2_open_connections,h2_backend_open_streams,h2_total_connections,h2_backend_total_streams,h1_open_connections,h1_open_streams,h1_total_connections,h1_total_streams,h1_bytes_in,h1_bytes_out,h1_spliced_bytes_in,h1_spliced_bytes_out,',
    'api,FRONTEND,,,0,0,4096,0,0,0,0,0,0,,,,,OPEN,,,,,,,,,1,2,0,,,,0,0,0,0,,,,,,,,,,,0,0,0,,,0,0,0,0,,,,,,,,,,,,,,,,,,,,,tcp,,0,0,0,,0,0,0,,,,,,,,,,,0,,,,,,,,,-,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,',
    'checked,cp-1,0,0,0,0,,0,0,0,,0,,0,0,0,0,UP,1,1,0,0,0,1,0,,1,3,1,,0,,2,0,,0,L7OK,200,16,,,,,,,,,,,0,0,,,,,-1,,,0,0,0,0,,,,Layer7 check passed,,1,2,2,,,,,,tcp,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,1,1,,,,-,1,0,0,,,,,,,,,,,,,,,,,,,,,,',
    'checked,cp-2,0,0,0,0,,0,0,0,,0,,0,0,0,0,DOWN,1,1,0,1,1,1,1,,1,3,2,,0,,2,0,,0,L7STS,500,4,,,,,,,,,,,0,0,,,,,-1,Internal Server Error,,0,0,0,0,,,,Layer7 wrong status,,1,2,0,,,,,,tcp,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,1,1,,,,-,1,0,0,,,,,,,,,,,,,,,,,,,,,,',
    'checked,cp-3,0,0,0,0,,0,0,0,,0,,0,0,0,0,DOWN,1,1,0,1,1,0,0,,1,3,3,,0,,2,0,,0,L4CON,,0,,,,,,,,,,,0,0,,,,,-1,Connection refused,,0,0,0,0,,,,Layer4 connection problem,,1,2,0,,,,,,tcp,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,1,1,,,,-,0,0,0,,,,,,,,,,,,,,,,,,,,,,',
    'checked,BACKEND,0,0,0,0,410,0,0,0,0,0,,0,0,0,0,UP,1,1,0,,0,1,0,,1,3,0,,0,,1,0,,0,,,,,,,,,,,,,,0,0,0,0,0,0,-1,,,0,0,0,0,,,,,,,,,,,,,,tcp,,,,,,,,0,0,0,,,,,0,0,0,0,0,,,,,1,0,0,0,-,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,3,3,185,48,0,0,',
    'unchecked,cp-1,0,0,0,0,,0,0,0,,0,,0,0,0,0,no check,1,1,0,,,1,,,1,4,1,,0,,2,0,,0,,,,,,,,,,,,,,0,0,,,,,-1,,,0,0,0,0,,,,,,,,,,,,,,tcp,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,0,1,,,,-,0,0,0,,,,,,,,,,,,,,,,,,,,,,',
    'unchecked,cp-2,0,0,0,0,,0,0,0,,0,,0,0,0,0,no check,1,1,0,,,1,,,1,4,2,,0,,2,0,,0,,,,,,,,,,,,,,0,0,,,,,-1,,,0,0,0,0,,,,,,,,,,,,,,tcp,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,0,1,,,,-,0,0,0,,,,,,,,,,,,,,,,,,,,,,',
    'unchecked,cp-3,0,0,0,0,,0,0,0,,0,,0,0,0,0,no check,1,1,0,,,1,,,1,4,3,,0,,2,0,,0,,,,,,,,,,,,,,0,0,,,,,-1,,,0,0,0,0,,,,,,,,,,,,,,tcp,,,,,,,,0,0,0,,,0,,0,0,0,0,0,0,0,0,0,1,,,,-,0,0,0,,,,,,,,,,,,,,,,,,,,,,',
    'unchecked,BACKEND,0,0,0,0,410,0,0,0,0,0,,0,0,0,0,UP,3,3,0,,0,1,0,,1,4,0,,0,,1,0,,0,,,,,,,,,,,,,,0,0,0,0,0,0,-1,,,0,0,0,0,,,,,,,,,,,,,,tcp,,,,,,,,0,0,0,,,,,0,0,0,0,0,,,,,3,0,0,0,-,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,',
    '',
  ].join('\n'),
  'proxy.exit': '0\n',
  'proxy.error': '',
};
