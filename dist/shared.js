const t=5183,e=[5183],n={5183:((d,o,_)=>{_.d(o,{fromEnv:()=>s.sF});var s=_(9848)})};export{t as id,e as ids,n as modules};
